-- What the scripts of presence begin with. KEYS: 1 channel, 2 head, 3 log, 4 users, 5 names, 6 leaving, 7 nodes, 8 conns
-- of an incarnation, all of one room. ARGV: 1 PUBLISH or SPUBLISH, 2 the epoch to begin with, 3 grace in ms, 4 incarnation.
local channel, head, log, users, names, leaving, nodes, conns = unpack(KEYS)
local publish, offered, grace, incarnation = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local LIFE = 86400 -- of what nobody refreshes, in s
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number)
  return string.format('%.0f', number)
end

local function begin()
  if redis.call('EXISTS', head) == 0 then
    redis.call('HSET', head, 'epoch', offered, 'seq', 0, 'mid', '-', 'rev', 0, 'bytes', 0)
    redis.call('EXPIRE', head, LIFE)
    redis.call('DEL', log)
    redis.call(publish, channel, 'f ' .. offered .. ' 0')
  end
end

local function rev()
  return redis.call('HGET', head, 'rev') or '0'
end

local function refresh()
  for i = 4, 8 do
    redis.call('EXPIRE', KEYS[i], LIFE)
  end
  redis.call('EXPIRE', head, LIFE, 'GT')
  redis.call('EXPIRE', log, LIFE, 'GT')
end

-- A member's text is JSON whose members stand in this order, so that it need not be parsed to be changed.
local function with(member, count)
  return (string.gsub(member, '^{"conns":%d+', function() return '{"conns":' .. whole(count) end))
end

local function count(member)
  return tonumber(string.match(member, '^{"conns":(%d+)'))
end

-- Raises rev and tells everybody of a change, behind which the room has so many members as there are names.
local function tell(kind, lastSeen, user, member)
  begin()
  local raised = whole(redis.call('HINCRBY', head, 'rev', 1))
  local fields = {
    'p', redis.call('HGET', head, 'epoch'), raised, whole(now), redis.call('ZCARD', names), kind, whole(lastSeen), user,
  }
  redis.call(publish, channel, table.concat(fields, ' ') .. '\n' .. member)
end

local function depart(user, lastSeen)
  local member = redis.call('HGET', users, user)
  redis.call('ZREM', leaving, user)
  redis.call('ZREM', names, user)
  if member then
    redis.call('HDEL', users, user)
    tell('left', lastSeen, user, with(member, 0))
  end
end

-- Lets those go whose grace is over, but so many at most.
local function departDue(most)
  local due = redis.call('ZRANGE', leaving, '-inf', whole(now), 'BYSCORE', 'LIMIT', 0, most, 'WITHSCORES')
  for i = 1, #due, 2 do
    depart(due[i], tonumber(due[i + 1]) - grace)
  end
end

-- In how many ms the next is due; -1 where nobody is leaving.
local function nextDue()
  local first = redis.call('ZRANGE', leaving, 0, 0, 'WITHSCORES')
  return first[2] and math.max(0, tonumber(first[2]) - now) or -1
end

-- A connection of a user is gone. Returns whether somebody begins to leave by it.
local function lose(user, atOnce)
  local member = redis.call('HGET', users, user)
  if not member then
    return false
  end
  local left = math.max(0, count(member) - 1)
  redis.call('HSET', users, user, with(member, left))
  if left > 0 then
    return false
  end
  if atOnce or grace == 0 then
    depart(user, now)
    return false
  end
  redis.call('ZADD', leaving, whole(now + grace), user)
  redis.call('EXPIRE', leaving, LIFE)
  return true
end

local function tellLeaving()
  redis.call(publish, channel, 'l ' .. whole(now + grace) .. ' ' .. whole(now))
end
