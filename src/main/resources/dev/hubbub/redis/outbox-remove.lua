-- Takes items out. KEYS: 1 the stream, 2 its counts. ARGV: 1 how many lost ones were told, all in all, or "-1" where
-- the items are lost, 2 the ids. Returns how many were lost by it.
kinds('stream', 'hash')
local gone = #ARGV > 1 and redis.call('XDEL', KEYS[1], unpack(ARGV, 2)) or 0
if ARGV[1] == '-1' then
  redis.call('HINCRBY', KEYS[2], 'lost', gone)
  return {gone}
end
local told = whole52(redis.call('HGET', KEYS[2], 'told')) or 0
if tonumber(ARGV[1]) > told then
  redis.call('HSET', KEYS[2], 'told', ARGV[1])
end
return {0}
