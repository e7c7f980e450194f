-- Makes sure that a room has a numbering. KEYS: head, log. ARGV: epoch for a room that has none, life of its keys in ms.
-- Returns epoch, seq, id of the last message, revision of presence, the oldest seq kept (one above seq where none is).
local epoch, seq, mid, _, rev = readHead(KEYS[1], KEYS[2])
if not epoch then
  epoch, seq, mid, rev = ARGV[1], 0, '-', 0
  writeHead(KEYS[1], epoch, 0, mid, 0)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
local oldest = entries('XRANGE', KEYS[2], '-', '+', 1)[1]
return {
  epoch, string.format('%.0f', seq), mid, string.format('%.0f', rev), oldest and oldest[1] or string.format('%.0f', seq + 1),
}
