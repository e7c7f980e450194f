-- Gives messages their places, keeps them, and says them on the room's channel.
-- KEYS: head, log, this node's last batch, then the idempotency keys.
-- ARGV: epoch for a room that has none, batch number, PUBLISH or SPUBLISH, channel, most messages kept, most bytes kept,
--   age kept in ms, life of the room's keys in ms, life of idempotency keys in ms, until when this may be done (in Redis's
--   ms, or empty); then for each message: record, id, which idempotency key (0 for none), fingerprint of the payload, 1 where
--   it is ephemeral.
-- Returns epoch, time, and for each message a:seq, r:seq:time (a repeat) or x (a repeat with another payload).
local head, log, last = KEYS[1], KEYS[2], KEYS[3]
local number = tonumber(ARGV[2])
local done = redis.pcall('GET', last)
local before, told = string.match(type(done) == 'string' and done or '', '^(%d+) (.*)$')
if before and tonumber(before) == number then
  return cjson.decode(told)
elseif before and tonumber(before) > number then
  return redis.error_reply('STALE this batch comes too late')
end

local time = now()
-- What was kept of it may be forgotten: a command can stay in a broken network for longer than that, and be sent twice.
if ARGV[10] ~= '' and time > tonumber(ARGV[10]) then
  return redis.error_reply('STALE this batch comes too late')
end
local ts = string.format('%.0f', time)
local channel, life = ARGV[4], ARGV[8]
local epoch, seq, mid, bytes = readHead(head, log)

local function anew()
  epoch, seq, mid, bytes = ARGV[1], 0, '-', 0
  redis.call('DEL', log)
end

-- What lies in the log and is not Hubbub's may stand in the way: then all of it goes.
local function keep(id, record)
  return redis.pcall('XADD', log, string.format('%.0f', seq + 1) .. '-0', 't', ts, 'm', id, 'p', mid, 'b', record)
end

-- Time and record of an entry as it is kept; nothing of one that is somebody else's.
local function written(fields)
  if #fields == 8 and fields[1] == 't' and fields[7] == 'b' then
    return tonumber(fields[2]), fields[8]
  end
end

if not epoch then
  anew()
end
local reply = {epoch, ts}
local kept = false
for i = 11, #ARGV, 5 do
  local record, id, key, print, ephemeral = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3], ARGV[i + 4] == '1'
  local name = key > 0 and KEYS[3 + key]
  local first = name and redis.pcall('GET', name)
  if type(first) == 'table' then
    redis.call('DEL', name)
    first = nil
  end
  local of, firstSeq, firstTs, firstPrint
  if first then
    of, firstSeq, firstTs, firstPrint = string.match(first, '^([^:]*):(%d+):(%d+):(.*)$')
  end
  if of == epoch then -- those of another epoch are lost
    reply[#reply + 1] = firstPrint == print and ('r:' .. firstSeq .. ':' .. firstTs) or 'x'
  else
    local place = '0'
    if ephemeral then
      redis.call(ARGV[3], channel, 'e ' .. epoch .. ' ' .. ts .. '\n' .. record)
    else
      local err = keep(id, record).err
      if err then
        local code = string.match(err, '^%-?(%u+)')
        if code ~= 'ERR' and code ~= 'WRONGTYPE' then
          return redis.error_reply(err) -- Redis takes no writes: nothing was done, and nothing lies in the way
        end
        anew()
        keep(id, record)
        reply[1] = epoch
      end
      seq = seq + 1
      place = string.format('%.0f', seq)
      redis.call(ARGV[3], channel, 'm ' .. epoch .. ' ' .. place .. ' ' .. ts .. ' ' .. id .. ' ' .. mid .. '\n' .. record)
      mid = id
      bytes = bytes + #record
      kept = true
    end
    if name then
      redis.call('SET', name, epoch .. ':' .. place .. ':' .. ts .. ':' .. print, 'PX', ARGV[9])
    end
    reply[#reply + 1] = 'a:' .. place
  end
end

-- Most publishes drop nothing: the oldest message is looked at where there are too many, and else now and then.
local length = kept and redis.call('XLEN', log) or 0
local many = length > tonumber(ARGV[5]) or bytes > tonumber(ARGV[6])
while length > 1 and (many or seq % 32 == 0) do
  local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  local at, record = written(oldest[2])
  if at and length <= tonumber(ARGV[5]) and bytes <= tonumber(ARGV[6]) and at >= time - ARGV[7] then
    break
  end
  bytes = math.max(0, bytes - (record and #record or 0))
  redis.call('XDEL', log, oldest[1])
  length = length - 1
end
writeHead(head, epoch, seq, mid, bytes)
redis.call('PEXPIRE', head, life)
redis.call('PEXPIRE', log, life)
-- Longer than any batch may be late.
redis.call('SET', last, ARGV[2] .. ' ' .. cjson.encode(reply), 'PX', 60000)
return reply
