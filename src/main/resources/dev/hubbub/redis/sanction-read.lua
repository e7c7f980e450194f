-- A page of the sanctions, where they are others than a node knows. Behind sanction-page.lua. ARGV: 5 the latest change that the
-- node knows. Returns the latest change, which Redis this is, since cursors are good at none other, the cursor of the next page,
-- "0" at the end, then names and times. Those that are over go.
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
local reply = {latestChange(KEYS[1]), server, '0'}
if reply[1] ~= ARGV[5] then
  reply[3] = page(reply)
end
return reply
