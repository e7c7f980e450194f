-- A connection leaves a room. Behind presence.lua. ARGV: 5 conn, 6 "1" for without the grace period. Returns in how many
-- ms somebody's grace is over, -1 where nobody is leaving.
local user = redis.call('HGET', conns, ARGV[5])
if user then
  redis.call('HDEL', conns, ARGV[5])
  if lose(user, ARGV[6] == '1') then
    tellLeaving()
  end
end
if redis.call('EXISTS', conns) == 0 then
  redis.call('SREM', nodes, incarnation)
end
return {nextDue()}
