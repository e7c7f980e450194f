-- Ends a room that nobody is in any more. KEYS: head, log, channel, names. ARGV: PUBLISH or SPUBLISH.
if deserted(KEYS[3], KEYS[4], ARGV[1], 0) then
  redis.call('UNLINK', KEYS[1], KEYS[2])
end
return {}
