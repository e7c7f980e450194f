-- A page of a room's kept messages, the newest first.
-- KEYS: head, log. ARGV: epoch, the first seq wanted, the last one, most messages, age kept in ms.
-- Returns seq, time, id, previous id and record of each; nothing where the epoch is another.
if readHead(KEYS[1], KEYS[2]) ~= ARGV[1] then
  return {}
end
local oldest = now() - ARGV[5]
local kept = {}
for _, entry in ipairs(entries('XREVRANGE', KEYS[2], ARGV[3] .. '-0', ARGV[2] .. '-0', ARGV[4])) do
  if tonumber(entry[2]) < oldest then
    break
  end
  kept[#kept + 1] = entry
end
return append({}, kept)
