-- Takes out the connections of an incarnation that is dead, a hundred at a time. Behind presence.lua. ARGV: 5 cursor,
-- "0" at first. Returns the next cursor, "0" at the end, and in how many ms somebody's grace is over, or -1.
departDue(100)
local found = redis.call('HSCAN', conns, ARGV[5], 'COUNT', 100)
local begun = false
for i = 1, #found[2], 2 do
  if redis.call('HDEL', conns, found[2][i]) == 1 then
    begun = lose(found[2][i + 1], false) or begun
  end
end
if begun then
  tellLeaving()
end
if redis.call('EXISTS', conns) == 0 then
  redis.call('SREM', nodes, incarnation)
end
return {found[1], nextDue()}
