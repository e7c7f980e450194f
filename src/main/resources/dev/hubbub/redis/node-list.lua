-- The nodes that live, each as whose process it is and what it says; forgets the others. May say something to all of them
-- in the same step. KEYS: the nodes. ARGV: 1 channel, 2 what is said there; or nothing.
local told = {}
local time = now()
local all = redis.pcall('HGETALL', KEYS[1])
for i = 1, all.err and 0 or #all, 2 do
  local good, text = string.match(all[i + 1], '^(%d+) (.*)$')
  if good and tonumber(good) >= time then
    told[#told + 1] = all[i]
    told[#told + 1] = text
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
if ARGV[1] then
  redis.call('PUBLISH', ARGV[1], ARGV[2])
end
return told
