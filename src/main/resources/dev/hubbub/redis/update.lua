-- Sets a member's status. Behind presence.lua. ARGV: 5 user, 6 status. Returns 1, or 0 where the user is no member.
departDue(100)
local member = memberOf(ARGV[5])
if not member then
  return {0}
end
local before, had = string.match(member, '^(.-),"status":(.*)}$')
if had ~= ARGV[6] then
  member = before .. ',"status":' .. ARGV[6] .. '}'
  redis.call('HSET', users, ARGV[5], member)
  tell('updated', 0, ARGV[5], member)
end
return {1}
