-- Takes one out of a bucket that holds a minute's worth and fills evenly. KEYS: 1 when it is full, in microseconds since
-- the epoch. ARGV: 1 how many a minute. Returns 0, or how many ms to wait where there was none.
local MINUTE = 60000000
kinds('string')
local time = redis.call('TIME')
local at = time[1] * 1000000 + time[2]
-- nothing that we wrote is later, unless the clock was set back
local full = math.min(math.max(whole52(redis.call('GET', KEYS[1])) or at, at), at + MINUTE)
local after = full + math.floor(MINUTE / tonumber(ARGV[1]))
local wait = after - at - MINUTE
if wait > 0 then
  return {math.ceil(wait / 1000)}
end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - at) / 1000))
return {0}
