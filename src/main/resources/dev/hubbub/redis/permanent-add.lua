-- Makes a user a member of a room for good. KEYS: 1 the user's rooms. ARGV: 1 room, 2 most rooms. Returns what became of it.
kinds('set')
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then
  return {'KNOWN'}
end
if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return {'TOO_MANY'}
end
redis.call('SADD', KEYS[1], ARGV[1])
return {'NEW'}
