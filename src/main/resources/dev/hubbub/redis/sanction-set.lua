-- Sets a sanction and tells all nodes. KEYS: 1 the sanctions, 2 of a ban the bans of its room, of a kick all kicks. ARGV: 1 name,
-- 2 which time: "now" for this moment, else how many ms from now, 0 to take it off, 3 channel, 4 most sanctions, of which the last
-- tenth is for revocations alone, 5 what to call this change, behind its number, 6 most bans of a room, 7 how long a kick is kept in
-- ms, 8 the latest change that the node knows. Returns SET, or FULL or ROOM_FULL where there are too many, or LOST where that change is
-- lost: it must be stated again before others take its place and seem to be all that there is.
kinds('hash', KEYS[2] and 'zset')
local before, number = latestChange(KEYS[1])
local known = whole52(string.match(ARGV[8], '^(%d+):')) or -1
if number < known or number == known and before ~= ARGV[8] then
  return {'LOST'}
end
local time = now()
local at = ARGV[2] == 'now' and time or ARGV[2] == '0' and 0 or time + tonumber(ARGV[2])
local isKick = string.sub(ARGV[1], 1, 2) == 'k '
-- Those beside it that are over go, some at a time.
if KEYS[2] then
  local past = string.format('%.0f', time - (isKick and ARGV[7] or 0))
  for _, name in ipairs(redis.call('ZRANGE', KEYS[2], '-inf', past, 'BYSCORE', 'LIMIT', 0, 100)) do
    redis.call('HDEL', KEYS[1], name)
    redis.call('ZREM', KEYS[2], name)
  end
end
local held = whole52(redis.call('HGET', KEYS[1], ARGV[1]))
if at > 0 and not held then
  if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[4]) * (KEYS[2] and 0.9 or 1) then
    return {'FULL'}
  end
end
if isKick then
  redis.call('ZADD', KEYS[2], string.format('%.0f', at), ARGV[1])
elseif KEYS[2] and at == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
elseif KEYS[2] then
  local others = redis.call('ZCOUNT', KEYS[2], string.format('(%.0f', time), '+inf')
  if not (held and held > time) and others >= tonumber(ARGV[6]) then
    return {'ROOM_FULL'}
  end
  redis.call('ZADD', KEYS[2], string.format('%.0f', at), ARGV[1])
  endWithLast(KEYS[2])
end
if at == 0 then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', at))
end
local change = string.format('%.0f', number + 1) .. ':' .. ARGV[5]
redis.call('HSET', KEYS[1], 'rev', change)
redis.call('PUBLISH', ARGV[3], 's ' .. before .. ' ' .. change .. ' ' .. string.format('%.0f', at) .. '\n' .. ARGV[1])
return {'SET'}
