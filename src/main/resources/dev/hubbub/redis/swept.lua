-- An incarnation has been swept. KEYS: 1 dead, 2 swept, 3 sweeper. ARGV: 1 incarnation, 2 in how many ms once more, 3 who
-- sweeps. Returns 1 where that was the last time.
kinds('zset', 'zset', 'string')
local time = now()
if redis.call('GET', KEYS[3]) == ARGV[3] then
  redis.call('DEL', KEYS[3])
end
if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then
  redis.call('ZADD', KEYS[2], string.format('%.0f', time + tonumber(ARGV[2])), ARGV[1])
  return {0}
end
local again = redis.call('ZSCORE', KEYS[2], ARGV[1])
return {again and tonumber(again) <= time and redis.call('ZREM', KEYS[2], ARGV[1]) or 0}
