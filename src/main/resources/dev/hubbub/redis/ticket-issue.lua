-- Keeps a ticket. KEYS: 1 the ticket. ARGV: 1 holder, 2 ms that it is good.
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {}
