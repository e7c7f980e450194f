-- Makes sure that a room has a numbering. KEYS: head, log, channel, names. ARGV: epoch for a room that has none, life of its
-- keys in ms, PUBLISH or SPUBLISH where the room ends with its last member and a node comes into it, else empty.
-- Returns epoch, seq, id of the last message, revision of presence, the oldest seq kept (one above seq where none is), how
-- many members there are.
if ARGV[3] ~= '' and deserted(KEYS[3], KEYS[4], ARGV[3], 1) then
  redis.call('DEL', KEYS[1], KEYS[2]) -- what whoever was there last could not end; the one who hears it is this node
end
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
  members(KEYS[4]),
}
