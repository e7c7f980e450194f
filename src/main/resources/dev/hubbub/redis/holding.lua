-- How many an incarnation holds. KEYS: 1 its set. Returns that, and keeps it alive.
kinds('set')
redis.call('EXPIRE', KEYS[1], 86400)
return {redis.call('SCARD', KEYS[1])}
