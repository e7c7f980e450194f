-- States again some of what a Redis has lost that a node knows. KEYS: 1 the sanctions, then for each name the bans of its room, or the
-- sanctions where it is no ban. ARGV: names and times, of which the later ones stay.
kinds('hash')
for i = 1, #ARGV, 2 do
  local name, bans = ARGV[i], KEYS[(i + 3) / 2]
  local at = whole52(redis.call('HGET', KEYS[1], name))
  if not at or at < tonumber(ARGV[i + 1]) then
    at = tonumber(ARGV[i + 1])
    redis.call('HSET', KEYS[1], name, ARGV[i + 1])
  end
  if bans ~= KEYS[1] then
    ofKind(bans, 'zset')
    redis.call('ZADD', bans, string.format('%.0f', at), name)
    endWithLast(bans)
  end
end
return {}
