-- A write, and what Redis says of itself. KEYS: a key of its own. ARGV: 1 where it shall say so.
redis.call('SET', KEYS[1], '1', 'PX', 60000)
if ARGV[1] == '0' then
  return {}
end
return {redis.call('INFO', 'server') .. redis.call('INFO', 'memory')}
