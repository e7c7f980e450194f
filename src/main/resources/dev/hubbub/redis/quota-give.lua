-- Gives a place back. KEYS: 1 the quota. ARGV: 1 place.
kinds('hash')
redis.call('HDEL', KEYS[1], ARGV[1])
return {}
