-- The rooms that a user is a member of for good. KEYS: 1 the user's rooms.
kinds('set')
return redis.call('SMEMBERS', KEYS[1])
