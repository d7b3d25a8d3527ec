-- KEYS: list, own, pend. Returns how many messages wait for a user, those under way included.
return redis.call('LLEN', KEYS[1]) + redis.call('LLEN', KEYS[3])
