-- A write. KEYS: a key of its own. ARGV: a value.
redis.call('SET', KEYS[1], ARGV[1], 'PX', 60000)
return {}
