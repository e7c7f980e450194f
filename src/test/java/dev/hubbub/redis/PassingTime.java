package dev.hubbub.redis;

import dev.hubbub.support.RedisServer;
import java.time.Duration;

/**
 * Lets time pass for what Redis has stored, whose clock cannot be set: what ends some time ends so much earlier. Leases
 * are left alone.
 */
final class PassingTime {
    private static final String SHIFT = """
            local ms = tonumber(ARGV[1])
            for _, key in ipairs(redis.call('KEYS', 'hb:*')) do
              local ttl = redis.call('PTTL', key)
              if string.match(key, '^hb:rate:') then
                local full = redis.call('GET', key) - ms * 1000
                redis.call('SET', key, string.format('%.0f', full), 'PX', math.max(ttl - ms, 1))
              elseif string.match(key, ':leaving$') or string.match(key, '^hb:seen:') then
                for _, user in ipairs(redis.call('ZRANGE', key, 0, -1)) do
                  redis.call('ZINCRBY', key, -ms, user)
                end
              elseif ttl > ms then
                redis.call('PEXPIRE', key, ttl - ms)
              elseif ttl > 0 then
                redis.call('DEL', key)
              end
            end
            return 'OK'
            """;

    private PassingTime() {}

    static void in(RedisServer server, Duration time) {
        String done = server.cli("EVAL", SHIFT, "0", String.valueOf(time.toMillis()));
        if (!done.equals("OK")) {
            throw new AssertionError(done);
        }
    }
}
