-- Begins a room's numbering anew, since acknowledged messages are lost and their places may be given again.
-- KEYS: head, log. ARGV: the epoch that is over, the one to begin, PUBLISH or SPUBLISH, channel, life of the keys in ms.
if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'seq', '0', 'mid', '-', 'rev', '0', 'bytes', '0')
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  redis.call(ARGV[3], ARGV[4], 'f ' .. ARGV[2])
end
return {}
