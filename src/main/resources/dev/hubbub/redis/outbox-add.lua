-- Puts items into what is to be sent. KEYS: 1 the stream, 2 its counts. ARGV: 1 most items, 2 how many were lost before
-- they came here, then items. Returns how many found no place.
kinds('stream', 'hash')
local lost, room = 0, tonumber(ARGV[1]) - redis.call('XLEN', KEYS[1])
for i = 3, #ARGV do
  if room > 0 then
    redis.call('XADD', KEYS[1], '*', 'e', ARGV[i])
    room = room - 1
  else
    lost = lost + 1
  end
end
if lost + tonumber(ARGV[2]) > 0 then
  redis.call('HINCRBY', KEYS[2], 'lost', string.format('%.0f', lost + tonumber(ARGV[2])))
end
return {lost}
