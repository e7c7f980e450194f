-- Gives a lease back. KEYS: 1 leases, 2 dead. ARGV: 1 incarnation.
kinds('zset', 'zset')
local time = now()
if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then
  redis.call('ZADD', KEYS[2], string.format('%.0f', time), ARGV[1])
end
return {}
