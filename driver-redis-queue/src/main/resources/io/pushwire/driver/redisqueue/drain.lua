-- Acknowledges what was delivered, and moves the next entries to the pending lists.
-- KEYS: list, own, pend of each; on a Cluster all in one slot. ARGV: node, ttl of the directory in
--   ms, most entries of each, RPOP or LPOP, ttl in ms, maximum length, most bytes of an entry, bytes
--   after which no more is moved, and for each: epoch, acknowledged up to this offset, 1 = what is
--   pending first, 1 = the owner before died, 1 = the directory is to live on
-- Returns for each: 0, owner, epoch, holders: another one owns the list; 2: it is not a list; 3, what
--   Redis said; or 1, offset of the first entry, list epoch, holders, how often its owner died, dropped by
--   producers meanwhile, dropped now, how many wait still, and the entries: bytes, or the size of
--   one that is too large.
local room = tonumber(ARGV[8])

-- The oldest entries, moved to the pending list, without those beyond the maximum length.
local function claim(list, pend)
  local most, longest = tonumber(ARGV[3]), tonumber(ARGV[6])
  local entries = redis.pcall(ARGV[4], list, most)
  if not entries then
    return {}, 0, 0, 0
  elseif entries.err then
    return nil
  end
  local waiting = #entries == most and redis.call('LLEN', list) or 0
  local over = math.min(waiting + #entries - longest, 5000)
  if over > 0 then
    if over < #entries then
      entries = {unpack(entries, over + 1)}
    else
      if over > #entries then
        if ARGV[4] == 'RPOP' then
          redis.call('LTRIM', list, 0, #entries - over - 1)
        else
          redis.call('LTRIM', list, over - #entries, -1)
        end
      end
      waiting = waiting + #entries - over
      entries = {}
    end
  end
  local pending = 0
  if #entries > 0 then
    pending = redis.call('RPUSH', pend, unpack(entries))
    redis.call('PEXPIRE', pend, ARGV[5])
    if waiting > 0 then
      redis.call('PEXPIRE', list, ARGV[5])
    end
  end
  return entries, pending - #entries, math.max(over, 0), waiting
end

local function drain(list, own, pend, epoch, acknowledged, recover, died, touch)
  local known = redis.call('HMGET', own, 'o', 'e', 's', 'h', 'd', 't', 'l')
  if known[1] ~= ARGV[1] or known[2] ~= epoch then
    return {0, known[1] or '', known[2] or '', known[4] or ''}
  end
  local offset = tonumber(known[3] or '0')
  local deaths = tonumber(known[6] or '0')
  if acknowledged > offset then
    redis.call('LTRIM', pend, acknowledged - offset, -1)
    offset = acknowledged
    redis.call('HSET', own, 's', string.format('%.0f', offset))
    if known[6] then
      redis.call('HDEL', own, 't')
      deaths = 0
    end
  end
  if known[5] then
    redis.call('HDEL', own, 'd')
  end
  if touch == '1' then
    redis.call('PEXPIRE', own, ARGV[2])
  end
  local entries, before, dropped, waiting = {}, 0, 0, 1
  if recover == '1' then
    entries = redis.call('LRANGE', pend, 0, -1)
    if #entries > 0 and died == '1' then
      deaths = redis.call('HINCRBY', own, 't', 1)
    end
  end
  if #entries == 0 and room > 0 then
    entries, before, dropped, waiting = claim(list, pend)
    if not entries then
      return {2}
    end
    if before > 0 then -- a command that was given up came late: what it had moved comes first
      entries, before = redis.call('LRANGE', pend, 0, -1), 0
    end
  end
  local largest = tonumber(ARGV[7])
  for i = 1, #entries do
    if #entries[i] > largest then
      entries[i] = #entries[i]
    else
      room = room - #entries[i]
    end
  end
  local lost = tonumber(known[5] or '0')
  return {1, offset + before, known[7] or '', known[4] or '', deaths, lost, dropped, waiting, entries}
end

redis.call('PEXPIRE', KEYS[2], ARGV[2]) -- a first write that needs no memory: the others may then use some
local drained = {}
for i = 1, #KEYS / 3 do
  local a = 5 * i + 4
  local done, reply = pcall(drain, KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i], ARGV[a], tonumber(ARGV[a + 1]), ARGV[a + 2], ARGV[a + 3], ARGV[a + 4])
  drained[i] = done and reply or {3, type(reply) == 'table' and reply.err or tostring(reply)}
end
return drained
