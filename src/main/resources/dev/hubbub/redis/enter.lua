-- A connection is in a room. Behind presence.lua. KEYS: 9 conns of the incarnation that it was listed under before. ARGV: 5
-- conn, 6 user, 7 name as JSON, 8 since when, if the user is new, or empty, 9 status, if the user is new, 10 status to
-- set, or empty, 11 the latest revision that the node knows. Returns rev and the member.
local conn, user, name, since, firstStatus, status, known = unpack(ARGV, 5)
begin()
behind(known)
departDue(100)
local fresh = redis.call('HSETNX', conns, conn, user) == 1
local former = string.sub(KEYS[9], #conns - #incarnation + 1)
if KEYS[9] ~= conns and redis.call('HDEL', KEYS[9], conn) == 1 and isCounted(former) then
  fresh = false -- it was counted under the former incarnation
end
redis.call('SADD', nodes, incarnation)
redis.call('ZREM', leaving, user)
local member = memberOf(user)
if not member then
  if since == '' then
    since = whole(time)
  end
  member = '{"conns":1,"since":' .. since .. ',"name":' .. name .. ',"status":' .. firstStatus .. '}'
  redis.call('HSET', users, user, member)
  redis.call('ZADD', names, 0, user)
  tell('joined', 0, user, member)
else
  -- whoever was leaving has none, whatever is known of this one
  member = with(member, math.max(1, count(member) + (fresh and 1 or 0)))
  local before, had = string.match(member, '^(.-),"status":(.*)}$')
  local updated = status ~= '' and status ~= had
  if updated then
    member = before .. ',"status":' .. status .. '}'
  end
  redis.call('HSET', users, user, member)
  if updated then
    tell('updated', 0, user, member)
  end
end
refresh()
return {rev(), member}
