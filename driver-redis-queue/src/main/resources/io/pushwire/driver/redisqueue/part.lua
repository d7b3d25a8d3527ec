-- Takes a node out of a place, unless it has joined again since.
-- KEYS: the place. ARGV: node, its generation when that was seen
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return 1
