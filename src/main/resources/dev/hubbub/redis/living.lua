-- Which of the incarnations have a lease. KEYS: 1 leases. ARGV: incarnations. Returns those.
kinds('zset')
local time = now()
local living = {}
for _, incarnation in ipairs(ARGV) do
  local ends = redis.call('ZSCORE', KEYS[1], incarnation)
  if ends and tonumber(ends) > time then
    living[#living + 1] = incarnation
  end
end
return living
