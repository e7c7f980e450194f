-- Begins to sweep. KEYS: 1 leases, 2 dead, 3 swept, 4 sweeper. ARGV: 1 who sweeps, 2 for how many ms at most, then the
-- incarnations that it has had in this round. Returns another to be swept, and 1 where it is once more; none while another
-- node sweeps.
kinds('zset', 'zset', 'zset', 'string')
local time = string.format('%.0f', now())
for _, incarnation in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', time, 'BYSCORE', 'LIMIT', 0, 100)) do
  redis.call('ZREM', KEYS[1], incarnation)
  redis.call('ZADD', KEYS[2], 'NX', time, incarnation)
end
local sweeper = redis.call('GET', KEYS[4])
if sweeper and sweeper ~= ARGV[1] then
  return {}
end
local had = {}
for i = 3, #ARGV do
  had[ARGV[i]] = true
end
local function another(found, again)
  for _, incarnation in ipairs(found) do
    if not had[incarnation] then
      redis.call('SET', KEYS[4], ARGV[1], 'PX', ARGV[2])
      return {incarnation, again}
    end
  end
end
local most = #ARGV - 1
local dead = another(redis.call('ZRANGE', KEYS[2], 0, most - 1), 0)
  or another(redis.call('ZRANGE', KEYS[3], '-inf', time, 'BYSCORE', 'LIMIT', 0, most), 1)
if dead then
  return dead
end
if sweeper then
  redis.call('DEL', KEYS[4]) -- others need not wait for what could not be swept
end
return {}
