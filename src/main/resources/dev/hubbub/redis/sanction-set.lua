-- Sets a sanction and tells all nodes. KEYS: 1 the sanctions. ARGV: 1 name, 2 which time: "now" for this moment, else how many ms
-- from now, 0 to take it off, 3 channel, 4 most sanctions, of which the last tenth is for revocations alone, 5 what to call this
-- change, behind its number. Returns 1, or 0 where there are too many.
kinds('hash')
local time = now()
local most = tonumber(ARGV[4]) * (string.sub(ARGV[1], 1, 2) == 'u ' and 1 or 0.9)
if redis.call('HLEN', KEYS[1]) > most and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
  return {0}
end
local at = ARGV[2] == 'now' and time or ARGV[2] == '0' and 0 or time + tonumber(ARGV[2])
if at == 0 then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', at))
end
local before, number = latestChange(KEYS[1])
local change = string.format('%.0f', number + 1) .. ':' .. ARGV[5]
redis.call('HSET', KEYS[1], 'rev', change)
redis.call('PUBLISH', ARGV[3], 's ' .. before .. ' ' .. change .. ' ' .. string.format('%.0f', at) .. '\n' .. ARGV[1])
return {1}
