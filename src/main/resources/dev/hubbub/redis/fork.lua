-- Begins a room's numbering anew, since acknowledged messages are lost and their places may be given again.
-- KEYS: head, log. ARGV: the epoch that is over, the one to begin, PUBLISH or SPUBLISH, channel, life of the keys in ms.
if readHead(KEYS[1], KEYS[2]) == ARGV[1] then
  redis.call('DEL', KEYS[2])
  writeHead(KEYS[1], ARGV[2], 0, '-', 0)
  redis.call('HSET', KEYS[1], 'rev', '0')
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  redis.call(ARGV[3], ARGV[4], 'f ' .. ARGV[2])
end
return {}
