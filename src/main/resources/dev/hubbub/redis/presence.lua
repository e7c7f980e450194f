-- What the scripts of presence begin with. KEYS: 1 channel, 2 head, 3 log, 4 users, 5 names, 6 leaving, 7 nodes, 8 conns
-- of an incarnation, all of one room. ARGV: 1 PUBLISH or SPUBLISH, 2 the epoch to begin with, 3 grace in ms, 4 incarnation,
-- the last "1" where the room ends with its last member.
local channel, head, log, users, names, leaving, nodes, conns = unpack(KEYS)
local publish, offered, grace, incarnation = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local LIFE = 86400 -- of what nobody refreshes, in s
local time = now()

-- What is not of its kind is not Hubbub's, and what lay there is lost.
local function isSpoilt()
  for i, kind in ipairs({'hash', 'zset', 'zset', 'set', 'hash', 'hash'}) do
    local is = KEYS[i + 3] and redis.call('TYPE', KEYS[i + 3]).ok or 'none'
    if is ~= 'none' and is ~= kind then
      return true
    end
  end
  return false
end

-- The rest says nothing without it: all goes, with a hole in the revisions, and whoever hears of it states again what it
-- has.
if isSpoilt() then
  redis.call('DEL', unpack(KEYS, 4))
  if readHead(head, log) then
    redis.call('HINCRBY', head, 'rev', 1)
  end
  redis.call(publish, channel, 'g presence')
end

-- Whether the connections of an incarnation are counted: those that are left from before everything was lost are not.
local function isCounted(of)
  return redis.call('SISMEMBER', nodes, of) == 1
end

if not isCounted(incarnation) then
  redis.call('DEL', conns)
end

local function whole(number)
  return string.format('%.0f', number)
end

-- Makes sure that the room has a numbering.
local function begin()
  if not readHead(head, log) then
    redis.call('DEL', log)
    writeHead(head, offered, 0, '-', 0)
    redis.call('HSET', head, 'rev', 0)
    redis.call('EXPIRE', head, LIFE)
    redis.call(publish, channel, 'f ' .. offered)
  end
end

local function rev()
  local _, _, _, _, number = readHead(head, log)
  return whole(number or 0)
end

local function behind(known)
  if readHead(head, log) then
    goOnBehind(head, tonumber(rev()), known)
  end
end

local function refresh()
  for i = 4, 8 do
    redis.call('EXPIRE', KEYS[i], LIFE)
  end
  redis.call('EXPIRE', head, LIFE, 'GT')
  redis.call('EXPIRE', log, LIFE, 'GT')
end

-- A user's member; nil where there is none, or something else.
local function memberOf(user)
  local member = redis.call('HGET', users, user)
  return member and string.match(member, '^{"conns":%d+,"since":%d+,"name":.+,"status":{.*}}$')
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
    'p', redis.call('HGET', head, 'epoch'), raised, whole(time), redis.call('ZCARD', names), kind, whole(lastSeen), user,
  }
  redis.call(publish, channel, table.concat(fields, ' ') .. '\n' .. member)
end

local function depart(user, lastSeen)
  local member = memberOf(user)
  redis.call('ZREM', leaving, user)
  redis.call('ZREM', names, user)
  redis.call('HDEL', users, user)
  if member then
    tell('left', lastSeen, user, with(member, 0))
  end
  if ARGV[#ARGV] == '1' and deserted(channel, names, publish, 0) then
    redis.call('DEL', head, log)
  end
end

-- Lets those go whose grace is over, but so many at most.
local function departDue(most)
  local due = redis.call('ZRANGE', leaving, '-inf', whole(time), 'BYSCORE', 'LIMIT', 0, most, 'WITHSCORES')
  for i = 1, #due, 2 do
    depart(due[i], tonumber(due[i + 1]) - grace)
  end
end

-- In how many ms the next is due; -1 where nobody is leaving.
local function nextDue()
  local first = redis.call('ZRANGE', leaving, 0, 0, 'WITHSCORES')
  return first[2] and math.max(0, tonumber(first[2]) - time) or -1
end

-- A connection of a user is gone. Returns whether somebody begins to leave by it.
local function lose(user, atOnce)
  local member = memberOf(user)
  if not member then
    return false
  end
  local left = math.max(0, count(member) - 1)
  redis.call('HSET', users, user, with(member, left))
  if left > 0 then
    return false
  end
  if atOnce or grace == 0 then
    depart(user, time)
    return false
  end
  redis.call('ZADD', leaving, whole(time + grace), user)
  redis.call('EXPIRE', leaving, LIFE)
  return true
end

local function tellLeaving()
  redis.call(publish, channel, 'l ' .. whole(time + grace) .. ' ' .. whole(time))
end
