-- What a node has missed of a room, and whether it stands on the same messages.
-- KEYS: head, log. ARGV: epoch and seq of the last message that the node has, most messages, life of the keys in ms.
-- Returns nothing where the room is gone; else epoch, seq, id of the last message, revision of presence, the id kept at the
-- node's seq (empty where none), then seq, time, id, previous id and record of each message after it.
local at = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'mid', 'rev')
if not at[1] then
  return {}
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
local from, mid = 0, ''
if at[1] == ARGV[1] then
  from = tonumber(ARGV[2])
  if from > 0 then
    local kept = redis.call('XRANGE', KEYS[2], ARGV[2] .. '-0', ARGV[2] .. '-0')[1]
    mid = kept and kept[2][4] or ''
  end
end
local reply = {at[1], at[2], at[3], at[4] or '0', mid}
if tonumber(at[2]) > from then
  local first = string.format('%.0f', from + 1) .. '-0'
  for _, entry in ipairs(redis.call('XRANGE', KEYS[2], first, '+', 'COUNT', ARGV[3])) do
    local fields = entry[2]
    reply[#reply + 1] = string.match(entry[1], '^%d+')
    reply[#reply + 1] = fields[2]
    reply[#reply + 1] = fields[4]
    reply[#reply + 1] = fields[6]
    reply[#reply + 1] = fields[8]
  end
end
return reply
