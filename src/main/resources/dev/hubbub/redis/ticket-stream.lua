-- Takes a ticket for a stream, or again. KEYS: 1 the ticket, 2 the stream's. ARGV: 1 ms that the stream may be away, 2 "1"
-- for again. Returns its holder, if it was good.
kinds('string', 'string')
local holder = redis.call('GETDEL', KEYS[1])
if holder then
  redis.call('SET', KEYS[2], holder, 'PX', ARGV[1])
elseif ARGV[2] == '1' then
  holder = redis.call('GETEX', KEYS[2], 'PX', ARGV[1])
end
return holder and {holder} or {}
