-- A write, and what Redis says of itself. KEYS: a key of its own. ARGV: 1 where it shall say so. Returns its time, and that.
redis.call('SET', KEYS[1], '1', 'PX', 60000)
local time = string.format('%.0f', now())
if ARGV[1] == '0' then
  return {time}
end
return {time, redis.call('INFO', 'server') .. redis.call('INFO', 'memory')}
