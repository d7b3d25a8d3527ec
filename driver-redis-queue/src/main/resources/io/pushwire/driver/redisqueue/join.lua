-- Notes that a node wants what is for a topic, for everyone, or for all nodes.
-- KEYS: the place. ARGV: node, its generation, ttl in ms
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
