-- Takes items out. KEYS: 1 the stream, 2 its counts. ARGV: 1 how many lost ones were told, all in all, or "-1" where
-- the items are lost, 2 the ids. Returns how many were lost by it.
kinds('stream', 'hash')
local gone = #ARGV > 1 and redis.call('XDEL', KEYS[1], unpack(ARGV, 2)) or 0
if ARGV[1] == '-1' then
  redis.call('HINCRBY', KEYS[2], 'lost', gone)
  return {gone}
end
local counts = redis.call('HMGET', KEYS[2], 'lost', 'told')
-- where the counts began anew meanwhile these losses are forgotten with them
if tonumber(ARGV[1]) > (whole52(counts[2]) or 0) and tonumber(ARGV[1]) <= (whole52(counts[1]) or 0) then
  redis.call('HSET', KEYS[2], 'told', ARGV[1])
end
return {0}
