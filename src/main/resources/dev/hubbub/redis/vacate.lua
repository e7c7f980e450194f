-- An incarnation has no connections in a room any more. KEYS: 1 the room's occupancy. ARGV: 1 incarnation, 2 id. Returns 1
-- where it was the last, and the time; the same once more where this is run again. For some minutes it is known that
-- the room was vacated: to a node that stood still and states again what it has.
kinds('hash')
local mark = redis.call('HGET', KEYS[1], '!')
local state, id, time = string.match(mark or '', '^(%a)(%S*) ?(%d*)$')
if state == 'v' and id == ARGV[2] then
  return {1, time}
end
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 or redis.call('HLEN', KEYS[1]) > (mark and 1 or 0) then
  return {0, '0'}
end
time = string.format('%.0f', now())
redis.call('HSET', KEYS[1], '!', 'v' .. ARGV[2] .. ' ' .. time)
redis.call('EXPIRE', KEYS[1], 600)
return {1, time}
