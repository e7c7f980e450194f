-- Ends a membership. KEYS: 1 the user's rooms. ARGV: 1 room.
kinds('set')
redis.call('SREM', KEYS[1], ARGV[1])
return {}
