-- Adds to what an incarnation has something in. KEYS: 1 its set. ARGV: names.
kinds('set')
redis.call('SADD', KEYS[1], unpack(ARGV))
redis.call('EXPIRE', KEYS[1], 86400)
return {}
