-- Makes a user a member of a room. KEYS: 1 the user's rooms. ARGV: room, most rooms. Returns nothing where there are too many.
kinds('set')
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then
  if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then
    return {}
  end
  redis.call('SADD', KEYS[1], ARGV[1])
end
return {'1'}
