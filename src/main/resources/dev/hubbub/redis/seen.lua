-- Notes when users were last connected. KEYS: those users. ARGV: 1 ms for which that is kept, then users and the ms since
-- then, in turn. A later time stands; the oldest are forgotten, some at a time.
kinds('zset')
local time = now()
for i = 2, #ARGV, 2 do
  redis.call('ZADD', KEYS[1], 'GT', string.format('%.0f', time - ARGV[i + 1]), ARGV[i])
end
local old = redis.call('ZRANGE', KEYS[1], '-inf', string.format('%.0f', time - ARGV[1]), 'BYSCORE', 'LIMIT', 0, 1000)
if #old > 0 then
  redis.call('ZREM', KEYS[1], unpack(old))
end
-- Nobody may fill Redis with users who come once.
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -100001)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {}
