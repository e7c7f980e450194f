-- Says something on a room's channel. KEYS: channel. ARGV: PUBLISH or SPUBLISH, the note.
redis.call(ARGV[1], KEYS[1], ARGV[2])
return {}
