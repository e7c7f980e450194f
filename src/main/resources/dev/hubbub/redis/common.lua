-- Stands before every script about a room. What lies under Hubbub's keys and is not Hubbub's is as good as lost.

-- Removes a key that is of another kind than Hubbub's.
local function ofKind(key, kind)
  local is = redis.call('TYPE', key).ok
  if is ~= 'none' and is ~= kind then
    redis.call('DEL', key)
  end
end

-- The same of the keys, in their order.
local function kinds(...)
  for i, kind in ipairs({...}) do
    ofKind(KEYS[i], kind)
  end
end

-- A whole number that every reader keeps exactly; nil where the text is something else.
local function whole52(text)
  local number = tonumber(text or nil)
  return number and number >= 0 and number <= 4503599627370496 and number == math.floor(number) and number or nil
end

-- The room's head: epoch, seq, id of the last message, bytes kept, revision of presence; nothing where there is none.
local function readHead(key, log)
  local at = redis.pcall('HMGET', key, 'epoch', 'seq', 'mid', 'bytes', 'rev')
  if at.err then
    redis.call('DEL', key)
    at = {}
  end
  local epoch, seq = at[1], whole52(at[2])
  if epoch and seq and #epoch <= 16 and string.match(epoch, '^[%w_-]+$') then
    if at[5] and not whole52(at[5]) then
      redis.call('HSET', key, 'rev', '0')
      at[5] = '0'
    end
    return epoch, seq, at[3] or '-', whole52(at[4]) or 0, whole52(at[5]) or 0
  end
  redis.call('DEL', key, log)
  return nil
end

local function writeHead(key, epoch, seq, mid, bytes)
  redis.call('HSET', key, 'epoch', epoch, 'seq', string.format('%.0f', seq), 'mid', mid, 'bytes', bytes)
end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- A range of the log, each entry as {seq, time, id, previous id, record}; others are left out.
local function entries(command, log, from, to, count)
  local found = redis.pcall(command, log, from, to, 'COUNT', count)
  local all = {}
  if found.err then
    redis.call('DEL', log)
    return all
  end
  for _, entry in ipairs(found) do
    local seq, named = string.match(entry[1], '^(%d+)%-0$'), {}
    for i = 1, #entry[2], 2 do
      named[entry[2][i]] = entry[2][i + 1]
    end
    if seq and tonumber(named.t) and named.m and named.p and named.b then
      all[#all + 1] = {seq, named.t, named.m, named.p, named.b}
    end
  end
  return all
end

local function append(reply, found)
  for _, entry in ipairs(found) do
    for i = 1, 5 do
      reply[#reply + 1] = entry[i]
    end
  end
  return reply
end

-- The latest change of the sanctions, and its number.
local function latestChange(key)
  local change = redis.call('HGET', key, 'rev') or ''
  local number = whole52(string.match(change, '^(%d+):[%w_-]+$'))
  return number and change or '0:-', number or 0
end

-- Lets a room's bans, in the order of their ends, be gone with the last of them.
local function endWithLast(bans)
  redis.call('PEXPIREAT', bans, redis.call('ZRANGE', bans, -1, -1, 'WITHSCORES')[2])
end

-- Where revisions of presence were lost that somebody heard of, the next one stands behind them, with a hole before it: so
-- whoever holds those is told to begin anew. Returns the revision.
local function goOnBehind(head, rev, known)
  if rev < tonumber(known) then
    rev = tonumber(known) + 1
    redis.call('HSET', head, 'rev', string.format('%.0f', rev))
  end
  return rev
end

-- How many members a room has.
local function members(names)
  local count = redis.pcall('ZCARD', names)
  return type(count) == 'number' and count or 0
end

-- Whether nobody is in a room: none is listed, not even in grace, and at most so many nodes hear its channel.
local function deserted(channel, names, publish, nodes)
  local count = publish == 'SPUBLISH' and 'SHARDNUMSUB' or 'NUMSUB'
  return redis.call('EXISTS', names) == 0 and redis.call('PUBSUB', count, channel)[2] <= nodes
end

