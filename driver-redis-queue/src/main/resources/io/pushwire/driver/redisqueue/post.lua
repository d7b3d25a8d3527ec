-- Puts entries into a node's inbox, if its lease stands.
-- KEYS: inbox, alive, meta. ARGV: maximum length, ttl in ms, entries
-- Returns the inbox' length; -1: the node is dead.
if redis.call('EXISTS', KEYS[2]) == 0 then
  return -1
end
local length = redis.call('RPUSH', KEYS[1], unpack(ARGV, 3))
if length == #ARGV - 2 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
local over = length - tonumber(ARGV[1])
if over > 0 then
  redis.call('LTRIM', KEYS[1], over, -1)
  redis.call('HINCRBY', KEYS[3], 'lost', over)
end
return length
