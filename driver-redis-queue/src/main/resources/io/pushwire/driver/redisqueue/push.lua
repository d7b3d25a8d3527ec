-- Puts one entry into a user's list.
-- KEYS: list, own, pend. ARGV: entry, LPUSH or RPUSH, maximum length, ttl in ms, 1 = only if held
-- Returns the number that wait, the owner or '', how many were dropped at the other end; -1: not held.
local owner = redis.call('HGET', KEYS[2], 'o')
if ARGV[5] == '1' and not owner then
  return {-1, '', 0}
end
local length = redis.call(ARGV[2], KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
local over = length - tonumber(ARGV[3])
if over > 0 then
  -- a million foreign entries must not stall Redis: the rest goes with the next pushes
  over = math.min(over, 1000)
  if ARGV[2] == 'LPUSH' then
    redis.call('LTRIM', KEYS[1], 0, -1 - over)
  else
    redis.call('LTRIM', KEYS[1], over, -1)
  end
  length = length - over
  redis.call('HINCRBY', KEYS[2], 'd', over)
  if not owner then
    redis.call('PEXPIRE', KEYS[2], ARGV[4])
  end
else
  over = 0
end
return {length + redis.call('LLEN', KEYS[3]), owner or '', over}
