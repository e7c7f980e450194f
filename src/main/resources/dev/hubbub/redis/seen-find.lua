-- When a user was last connected. KEYS: users. ARGV: 1 user, 2 ms for which that is kept. Returns the time, or nothing.
kinds('zset')
local at = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or nil)
if at and at > now() - ARGV[2] then
  return {string.format('%.0f', at)}
end
return {}
