-- States which places an incarnation has; without any it evicts it. KEYS: 1 the quota. ARGV: 1 incarnation, then places.
-- Returns how many it had too many.
kinds('hash')
local has, removed = {}, 0
for i = 2, #ARGV do
  has[ARGV[i]] = true
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[1])
end
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  if all[i + 1] == ARGV[1] and not has[all[i]] then
    redis.call('HDEL', KEYS[1], all[i])
    removed = removed + 1
  end
end
redis.call('EXPIRE', KEYS[1], 86400)
return {removed}
