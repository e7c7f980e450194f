-- The sanctions, where they are others than a node knows. KEYS: 1 the sanctions. ARGV: 1 the latest change that the node knows, 2
-- how long a revocation is kept in ms, 3 how long a kick is. Returns the latest change; and where it is another, behind it
-- names and times. Those that are over go.
kinds('hash')
local reply = {(latestChange(KEYS[1]))}
if reply[1] == ARGV[1] then
  return reply
end
local time = now()
local lives = {['u '] = tonumber(ARGV[2]), ['k '] = tonumber(ARGV[3])}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local name, at = all[i], whole52(all[i + 1])
  if name ~= 'rev' then
    local life = lives[string.sub(name, 1, 2)] or 0
    if not at or at + life <= time then
      redis.call('HDEL', KEYS[1], name)
    else
      reply[#reply + 1] = name
      reply[#reply + 1] = all[i + 1]
    end
  end
end
return reply
