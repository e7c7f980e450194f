-- A node says what it is, and is told 1 where somebody has written that it is to drain: that stays.
-- KEYS: the nodes. ARGV: whose process it is, for how long that is good in ms, what it says.
kinds('hash')
local before = redis.call('HGET', KEYS[1], ARGV[1])
local drains = before and string.sub(before, -2) == ' 1'
local text = drains and string.sub(ARGV[3], 1, -2) .. '1' or ARGV[3]
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now() + ARGV[2]) .. ' ' .. text)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { drains and '1' or '0' }
