-- The nodes of a name are to drain: it is written to what each says of itself, and said to all. Tells how many there are.
-- KEYS: the nodes. ARGV: 1 the name, 2 channel, 3 what is said there.
local found = 0
local time = now()
local all = redis.pcall('HGETALL', KEYS[1])
for i = 1, all.err and 0 or #all, 2 do
  local good, name, counts = string.match(all[i + 1], '^(%d+) (%S+) (%d+ %d+) [01]$')
  if name == ARGV[1] and tonumber(good) >= time then
    redis.call('HSET', KEYS[1], all[i], good .. ' ' .. name .. ' ' .. counts .. ' 1')
    found = found + 1
  end
end
if found > 0 then
  redis.call('PUBLISH', ARGV[2], ARGV[3])
end
return { tostring(found) }
