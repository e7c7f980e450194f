-- Sets a sanction and tells all nodes. KEYS: 1 the sanctions, 2 of a ban the bans of its room, of a kick all kicks. ARGV: 1 name,
-- 2 which time: "now" for this moment, else how many ms from now, 0 to take it off, 3 channel, 4 most sanctions, of which the last
-- tenth is for revocations alone, 5 what to call this change, behind its number, 6 most bans of a room, 7 how long a kick is kept in
-- ms. Returns SET, or FULL or ROOM_FULL where there are too many.
kinds('hash', KEYS[2] and 'zset')
local time = now()
local at = ARGV[2] == 'now' and time or ARGV[2] == '0' and 0 or time + tonumber(ARGV[2])
local held = whole52(redis.call('HGET', KEYS[1], ARGV[1]))
if at > 0 and not held then
  if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[4]) * (KEYS[2] and 0.9 or 1) then
    return {'FULL'}
  end
end
if KEYS[2] and string.sub(ARGV[1], 1, 2) == 'k ' then
  local past = redis.call('ZRANGE', KEYS[2], '-inf', string.format('%.0f', time - ARGV[7]), 'BYSCORE', 'LIMIT', 0, 100)
  for _, name in ipairs(past) do
    redis.call('HDEL', KEYS[1], name)
    redis.call('ZREM', KEYS[2], name)
  end
  redis.call('ZADD', KEYS[2], string.format('%.0f', at), ARGV[1])
elseif KEYS[2] then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', time)
  if at == 0 then
    redis.call('ZREM', KEYS[2], ARGV[1])
  elseif not (held and held > time) and redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[6]) then
    return {'ROOM_FULL'}
  else
    redis.call('ZADD', KEYS[2], string.format('%.0f', at), ARGV[1])
    endWithLast(KEYS[2])
  end
end
if at == 0 then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', at))
end
local before, number = latestChange(KEYS[1])
local change = string.format('%.0f', number + 1) .. ':' .. ARGV[5]
redis.call('HSET', KEYS[1], 'rev', change)
redis.call('PUBLISH', ARGV[3], 's ' .. before .. ' ' .. change .. ' ' .. string.format('%.0f', at) .. '\n' .. ARGV[1])
return {'SET'}
