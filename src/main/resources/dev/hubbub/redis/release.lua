-- Takes something off what an incarnation holds. KEYS: 1 its set. ARGV: names.
kinds('set')
redis.call('SREM', KEYS[1], unpack(ARGV))
return {}
