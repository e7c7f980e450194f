-- A page of a room's members by user. Behind presence.lua. ARGV: 5 the user before it, or empty, 6 how many. Returns how
-- many there are in all, rev, 1 where more follow, then each user and member.
departDue(100)
local most = tonumber(ARGV[6])
local from = ARGV[5] == '' and '-' or '(' .. ARGV[5]
local page = redis.call('ZRANGE', names, from, '+', 'BYLEX', 'LIMIT', 0, most + 1)
local more = #page > most
if more then
  table.remove(page)
end
local reply = {redis.call('ZCARD', names), rev(), more and 1 or 0}
if #page > 0 then
  local members = redis.call('HMGET', users, unpack(page))
  for i, user in ipairs(page) do
    if members[i] then
      reply[#reply + 1] = user
      reply[#reply + 1] = members[i]
    end
  end
end
return reply
