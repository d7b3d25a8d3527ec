-- Puts entries into users' lists, one for each; what happens to one does not concern the others.
-- KEYS: list, own, pend of each; on a Cluster all in one slot. ARGV: LPUSH or RPUSH, maximum
--   length, ttl in ms, and for each: the entry, 1 = only if the user is held
-- Returns for each: the number that wait, the owner or '', how many were dropped at the other end;
--   -1: not held; or what Redis said.
local function push(list, own, pend, entry, held)
  local owner = redis.call('HGET', own, 'o')
  if held == '1' and not owner then
    return {-1, '', 0}
  end
  local length = redis.call(ARGV[1], list, entry)
  redis.call('PEXPIRE', list, ARGV[3])
  local over = length - tonumber(ARGV[2])
  if over > 0 then
    -- a million foreign entries must not stall Redis: the rest goes with the next pushes
    over = math.min(over, 1000)
    if ARGV[1] == 'LPUSH' then
      redis.call('LTRIM', list, 0, -1 - over)
    else
      redis.call('LTRIM', list, over, -1)
    end
    length = length - over
    redis.call('HINCRBY', own, 'd', over)
    if not owner then
      redis.call('PEXPIRE', own, ARGV[3])
    end
  else
    over = 0
  end
  return {length + redis.call('LLEN', pend), owner or '', over}
end

local pushed = {}
for i = 1, #KEYS / 3 do
  local done, reply = pcall(push, KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i], ARGV[2 * i + 2], ARGV[2 * i + 3])
  pushed[i] = done and reply or {type(reply) == 'table' and reply.err or tostring(reply)}
end
return pushed
