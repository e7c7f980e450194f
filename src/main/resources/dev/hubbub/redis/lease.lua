-- Renews a lease, or takes it. KEYS: 1 leases, 2 dead. ARGV: 1 incarnation, 2 ms that it lasts, 3 "1" to take it. Returns
-- 1, or 0 where it has lapsed, which cannot be undone.
kinds('zset', 'zset')
local time = now()
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then
  return {0}
end
if ends and tonumber(ends) <= time or not ends and ARGV[3] ~= '1' then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('ZADD', KEYS[2], string.format('%.0f', time), ARGV[1])
  return {0}
end
redis.call('ZADD', KEYS[1], string.format('%.0f', time + tonumber(ARGV[2])), ARGV[1])
return {1}
