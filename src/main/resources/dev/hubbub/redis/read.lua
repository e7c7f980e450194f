-- A page of a room's kept messages, the newest first.
-- KEYS: head, log. ARGV: epoch, the first seq wanted, the last one, most messages, age kept in ms.
-- Returns seq, time, id, previous id and record of each; nothing where the epoch is another.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then
  return {}
end
local time = redis.call('TIME')
local oldest = time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[5]
local reply = {}
for _, entry in ipairs(redis.call('XREVRANGE', KEYS[2], ARGV[3] .. '-0', ARGV[2] .. '-0', 'COUNT', ARGV[4])) do
  local fields = entry[2]
  if tonumber(fields[2]) < oldest then
    break
  end
  reply[#reply + 1] = string.match(entry[1], '^%d+')
  reply[#reply + 1] = fields[2]
  reply[#reply + 1] = fields[4]
  reply[#reply + 1] = fields[6]
  reply[#reply + 1] = fields[8]
end
return reply
