-- Gives a lease back. KEYS: 1 leases, 2 dead. ARGV: 1 incarnation.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then
  redis.call('ZADD', KEYS[2], string.format('%.0f', now), ARGV[1])
end
return {}
