-- The oldest items, for the one that sends. KEYS: 1 the stream, 2 its counts, 3 who sends. ARGV: 1 who asks, 2 most items,
-- 3 for how many ms it is the one. Returns nothing where another one is; else how many were lost, of how many that was
-- told, and for each item its id and its text.
kinds('stream', 'hash', 'string')
local sender = redis.call('GET', KEYS[3])
if sender and sender ~= ARGV[1] then
  return {}
end
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[3])
local counts = redis.call('HMGET', KEYS[2], 'lost', 'told')
local reply = {string.format('%.0f', whole52(counts[1]) or 0), string.format('%.0f', whole52(counts[2]) or 0)}
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', ARGV[2])) do
  if entry[2][1] == 'e' and #entry[2] == 2 then
    reply[#reply + 1] = entry[1]
    reply[#reply + 1] = entry[2][2]
  else
    redis.call('XDEL', KEYS[1], entry[1])
  end
end
return reply
