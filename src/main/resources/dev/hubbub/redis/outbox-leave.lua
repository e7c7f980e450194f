-- Another one may send. KEYS: 1 who sends. ARGV: 1 who does not any more.
kinds('string')
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return {}
