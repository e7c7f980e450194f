-- It was told that a room was vacated: not once more. KEYS: 1 the room's occupancy. ARGV: 1 id.
kinds('hash')
local state, id = string.match(redis.call('HGET', KEYS[1], '!') or '', '^(%a)(%S*)')
if state == 'v' and id == ARGV[1] then
  redis.call('HSET', KEYS[1], '!', 'v')
end
return {}
