-- What an incarnation held, some hundred at a time. KEYS: 1 its set. ARGV: 1 cursor, "0" at first. Returns the next
-- cursor, "0" at the end, then names.
kinds('set')
local found = redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', 200)
return {found[1], unpack(found[2])}
