-- What the scripts begin with that go through the sanctions: page by page, since one that runs for long holds up all others. KEYS: 1
-- the sanctions. ARGV: 1 cursor, "0" at first, 2 about how many, 3 how long a revocation is kept in ms, 4 how long a kick is.
kinds('hash')

-- Takes those of a page off that are over, and adds names and times of the others to a list. Returns the cursor of the next page,
-- "0" at the end, and how many it took off.
local function page(others)
  local time = now()
  local lives = {['u '] = tonumber(ARGV[3]), ['k '] = tonumber(ARGV[4])}
  local found = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
  local over = 0
  for i = 1, #found[2], 2 do
    local name, at = found[2][i], whole52(found[2][i + 1])
    if name ~= 'rev' then
      if not at or at + (lives[string.sub(name, 1, 2)] or 0) <= time then
        over = over + redis.call('HDEL', KEYS[1], name)
      else
        others[#others + 1] = name
        others[#others + 1] = string.format('%.0f', at)
      end
    end
  end
  return found[1], over
end

