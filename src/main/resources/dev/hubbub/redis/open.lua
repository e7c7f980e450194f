-- Makes sure that a room has a numbering. KEYS: head, log. ARGV: epoch for a room that has none, life of its keys in ms.
-- Returns epoch, seq, id of the last message, revision of presence.
if redis.call('HEXISTS', KEYS[1], 'epoch') == 0 then
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'seq', '0', 'mid', '-', 'rev', '0', 'bytes', '0')
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
local at = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'mid', 'rev')
return {at[1], at[2], at[3], at[4] or '0'}
