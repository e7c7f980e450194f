-- All is stated again that a node knows: from now on what is here is newer than what nodes know, and until now it was not, since they
-- would have forgotten the rest. KEYS: 1 the sanctions. ARGV: 1 how many changes the node knows of, 2 what to call this one.
kinds('hash')
local _, number = latestChange(KEYS[1])
redis.call('HSET', KEYS[1], 'rev', string.format('%.0f', math.max(number, tonumber(ARGV[1])) + 1) .. ':' .. ARGV[2])
return {}
