-- Ends a user's membership of a room. KEYS: 1 the user's rooms. ARGV: room.
kinds('set')
redis.call('SREM', KEYS[1], ARGV[1])
return {}
