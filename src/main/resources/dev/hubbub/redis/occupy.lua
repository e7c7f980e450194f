-- An incarnation has connections in a room. KEYS: 1 the room's occupancy: incarnations, and under "!" its last change.
-- ARGV: 1 incarnation, 2 id, 3 "1" where that was told before, and is news only if the room was vacated since. Returns 1
-- where the room was vacant, and the time; the same once more where this is run again.
kinds('hash')
local mark = redis.call('HGET', KEYS[1], '!')
local state, id, time = string.match(mark or '', '^(%a)(%S*) ?(%d*)$')
if state == 'o' and id == ARGV[2] then
  return {1, time}
end
local vacant = redis.call('HLEN', KEYS[1]) == (mark and 1 or 0)
if ARGV[3] == '1' and state ~= 'v' then
  vacant = false
end
redis.call('HSET', KEYS[1], ARGV[1], '1')
redis.call('EXPIRE', KEYS[1], 86400)
if not vacant then
  return {0, '0'}
end
time = string.format('%.0f', now())
redis.call('HSET', KEYS[1], '!', 'o' .. ARGV[2] .. ' ' .. time)
return {1, time}
