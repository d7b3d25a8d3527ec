-- Acknowledges what was delivered, and moves the next entries to the pending list.
-- KEYS: list, own, pend. ARGV: node, epoch, acknowledged up to this offset, most entries,
--   1 = what is pending first, RPOP or LPOP, ttl in ms, maximum length, most bytes of an entry,
--   1 = the owner before died, ttl of the directory in ms
-- Returns 0, owner, epoch: another one owns the list; 2: it is not a list; or 1, offset of the first
--   entry, list epoch, holders, how often its owner died, dropped by
--   producers meanwhile, dropped now, how many wait still, and the entries: bytes, or the size of one that is too large.
redis.call('PEXPIRE', KEYS[2], ARGV[11]) -- a first write that needs no memory: the others may then use some
local own = redis.call('HMGET', KEYS[2], 'o', 'e', 's', 'h', 'd', 't', 'l')
if own[1] ~= ARGV[1] or own[2] ~= ARGV[2] then
  return {0, own[1] or '', own[2] or ''}
end
local offset = tonumber(own[3] or '0')
local acknowledged = tonumber(ARGV[3])
local deaths = tonumber(own[6] or '0')
if acknowledged > offset then
  redis.call('LTRIM', KEYS[3], acknowledged - offset, -1)
  offset = acknowledged
  redis.call('HSET', KEYS[2], 's', string.format('%.0f', offset))
  if own[6] then
    redis.call('HDEL', KEYS[2], 't')
    deaths = 0
  end
end
local dropped, trimmed = tonumber(own[5] or '0'), 0
if own[5] then
  redis.call('HDEL', KEYS[2], 'd')
end
local entries = {}
local waiting = redis.pcall('LLEN', KEYS[1])
if ARGV[5] == '1' then
  entries = redis.call('LRANGE', KEYS[3], 0, -1)
  if #entries > 0 and ARGV[10] == '1' then
    deaths = redis.call('HINCRBY', KEYS[2], 't', 1)
  end
end
if type(waiting) == 'table' then
  if #entries == 0 then
    return {2}
  end
  waiting = 0
end
if #entries == 0 and waiting > 0 then
  local over = waiting - tonumber(ARGV[8])
  if over > 0 then
    over = math.min(over, 5000)
    if ARGV[6] == 'RPOP' then
      redis.call('LTRIM', KEYS[1], 0, -1 - over)
    else
      redis.call('LTRIM', KEYS[1], over, -1)
    end
    trimmed = over
    waiting = waiting - over
  end
  if waiting <= tonumber(ARGV[8]) then
    offset = offset + redis.call('LLEN', KEYS[3])
    entries = redis.call(ARGV[6], KEYS[1], ARGV[4])
    redis.call('RPUSH', KEYS[3], unpack(entries))
    redis.call('PEXPIRE', KEYS[3], ARGV[7])
    waiting = waiting - #entries
    if waiting > 0 then
      redis.call('PEXPIRE', KEYS[1], ARGV[7])
    end
  end
end
local most = tonumber(ARGV[9])
for i = 1, #entries do
  if #entries[i] > most then
    entries[i] = #entries[i]
  end
end
return {1, offset, own[7] or '', own[4] or '', deaths, dropped, trimmed, waiting, entries}
