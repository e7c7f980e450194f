-- Takes a place. KEYS: 1 the quota, place to incarnation. ARGV: 1 incarnation, 2 place, 3 limit. Returns 1, or 0 where all
-- are taken.
kinds('hash')
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then
  if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then
    return {0}
  end
  redis.call('HSET', KEYS[1], ARGV[2], ARGV[1])
end
redis.call('EXPIRE', KEYS[1], 86400)
return {1}
