-- What the nodes say that live; forgets the others. KEYS: the nodes.
local told = {}
local all = redis.pcall('HGETALL', KEYS[1])
for i = 1, all.err and 0 or #all, 2 do
  local good, text = string.match(all[i + 1], '^(%d+) (.*)$')
  if good and tonumber(good) >= now() then
    told[#told + 1] = text
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return told
