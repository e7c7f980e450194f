-- Begins to sweep. KEYS: 1 leases, 2 dead, 3 swept, 4 sweeper. ARGV: 1 who sweeps, 2 for how many ms at most. Returns an
-- incarnation to be swept; none while another node sweeps.
kinds('zset', 'zset', 'zset', 'string')
local time = string.format('%.0f', now())
for _, incarnation in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', time, 'BYSCORE', 'LIMIT', 0, 100)) do
  redis.call('ZREM', KEYS[1], incarnation)
  redis.call('ZADD', KEYS[2], 'NX', time, incarnation)
end
local dead = redis.call('ZRANGE', KEYS[2], 0, 0)
if #dead == 0 then
  dead = redis.call('ZRANGE', KEYS[3], '-inf', time, 'BYSCORE', 'LIMIT', 0, 1)
end
local sweeper = redis.call('GET', KEYS[4])
if #dead == 0 or sweeper and sweeper ~= ARGV[1] then
  return {}
end
redis.call('SET', KEYS[4], ARGV[1], 'PX', ARGV[2])
return dead
