-- A write, Redis's time in ms, and what it says of itself. KEYS: a key of its own. ARGV: 1 where it shall say so.
redis.call('SET', KEYS[1], '1', 'PX', 60000)
local reply = {string.format('%.0f', now())}
if ARGV[1] ~= '0' then
  reply[2] = redis.call('INFO', 'server') .. redis.call('INFO', 'memory')
end
return reply
