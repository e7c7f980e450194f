-- Forgets what an incarnation held. KEYS: 1 its set.
redis.call('UNLINK', KEYS[1])
return {}
