-- A user's rooms. KEYS: 1 the set of them.
kinds('set')
return redis.call('SMEMBERS', KEYS[1])
