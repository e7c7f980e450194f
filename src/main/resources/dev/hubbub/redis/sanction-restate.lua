-- States again what a Redis has lost that a node knows. KEYS: 1 the sanctions. ARGV: 1 the revision of what the node knows, then
-- names and times, of which the later ones stay.
kinds('hash')
for i = 2, #ARGV, 2 do
  local at = whole52(redis.call('HGET', KEYS[1], ARGV[i]))
  if not at or at < tonumber(ARGV[i + 1]) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
local rev = whole52(redis.call('HGET', KEYS[1], 'rev')) or 0
redis.call('HSET', KEYS[1], 'rev', string.format('%.0f', math.max(rev, tonumber(ARGV[1])) + 1))
return {}
