-- What Redis has of an incarnation in a room, some hundred connections at a time, and keeps it alive. Behind presence.lua.
-- ARGV: 5 cursor, "0" at first, 6 the latest revision that the node knows. Returns the next cursor, "0" at the end, in how many ms somebody's grace is over, or -1,
-- how many incarnations there are, those, then the connections.
refresh()
behind(ARGV[6])
local reply = {'', nextDue(), 0}
if ARGV[5] == '0' then
  for _, node in ipairs(redis.call('SMEMBERS', nodes)) do
    reply[#reply + 1] = node
  end
end
reply[3] = #reply - 3
local found = redis.call('HSCAN', conns, ARGV[5], 'COUNT', 500)
reply[1] = found[1]
for i = 1, #found[2], 2 do
  local conn, user = found[2][i], found[2][i + 1]
  if memberOf(user) then
    redis.call('ZADD', names, 0, user)
    reply[#reply + 1] = conn
  else
    redis.call('HDEL', conns, conn) -- so that it counts when it is stated again
  end
end
return reply
