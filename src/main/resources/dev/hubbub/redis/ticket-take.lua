-- Takes a ticket. KEYS: 1 the ticket. Returns its holder, if it was good.
kinds('string')
local holder = redis.call('GETDEL', KEYS[1])
return holder and {holder} or {}
