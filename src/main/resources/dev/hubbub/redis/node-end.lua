-- A node is no more. KEYS: the nodes. ARGV: whose process it was.
redis.pcall('HDEL', KEYS[1], ARGV[1])
return {}
