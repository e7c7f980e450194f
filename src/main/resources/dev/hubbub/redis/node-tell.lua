-- A node says what it is. KEYS: the nodes. ARGV: whose process it is, for how long that is good in ms, what it says.
kinds('hash')
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now() + ARGV[2]) .. ' ' .. ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {}
