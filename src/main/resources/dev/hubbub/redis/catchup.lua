-- What a node has missed of a room, and whether it stands on the same messages.
-- KEYS: head, log, names. ARGV: epoch and seq of the last message that the node has, most messages, life of the keys in ms,
-- the latest revision of presence in that epoch that the node knows.
-- Returns nothing where the room is gone; else epoch, seq, id of the last message, revision of presence, the id kept at the
-- node's seq (empty where none), how many members there are, then seq, time, id, previous id and record of each message after it.
local epoch, seq, mid, _, rev = readHead(KEYS[1], KEYS[2])
if not epoch then
  return {}
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
local from, kept = 0, nil
if epoch == ARGV[1] then
  rev = goOnBehind(KEYS[1], rev, ARGV[5])
  from = tonumber(ARGV[2])
  kept = entries('XRANGE', KEYS[2], ARGV[2] .. '-0', ARGV[2] .. '-0', 1)[1]
end
local reply = {epoch, string.format('%.0f', seq), mid, string.format('%.0f', rev), kept and kept[3] or '', members(KEYS[3])}
if seq > from then
  append(reply, entries('XRANGE', KEYS[2], string.format('%.0f', from + 1) .. '-0', '+', ARGV[3]))
end
return reply
