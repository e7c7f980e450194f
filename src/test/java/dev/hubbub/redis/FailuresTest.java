package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.RedisServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As Redisson tells what befell a request. */
class FailuresTest {
    private static final Script WRITE = new Script("write", "redis.call('SET', KEYS[1], '1') return {'1'}");

    private RedisServer redis;
    private RedisNode node;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        node = new RedisNode(redis).awaitHere();
    }

    @AfterEach
    void stop() {
        node.close();
        redis.close();
    }

    private Throwable failure(Script script) throws Exception {
        return node.link
                .run(script, List.of("key"))
                .handle((reply, failure) -> failure)
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void aFullRedisHasDoneNothing() throws Exception {
        redis.cli("CONFIG", "SET", "maxmemory", "1");
        assertThat(failure(WRITE)).matches(Failures::isRefusal).matches(Failures::isAway);
    }

    @Test
    void aRedisThatMayNotWriteHasDoneNothing() throws Exception {
        redis.cli("CONFIG", "SET", "min-replicas-to-write", "1");
        assertThat(failure(WRITE)).matches(Failures::isRefusal).matches(Failures::isAway);
    }

    @Test
    void aRedisThatIsGoneMayHaveDoneIt() throws Exception {
        redis.kill();
        assertThat(failure(WRITE))
                .matches(Failures::isAway)
                .matches(gone -> !Failures.isRefusal(gone), "is no refusal");
    }

    @Test
    void aScriptThatFailsDoesNotMeanThatRedisIsAway() throws Exception {
        assertThat(failure(new Script("wrong", "return redis.call('HGET', 'a')")))
                .matches(wrong -> !Failures.isAway(wrong), "is here")
                .matches(wrong -> Failures.credentials(wrong).isEmpty(), "is not about credentials");
    }

    @Test
    void wrongCredentialsAreToldWithoutWhatRedissonAdds() throws Exception {
        redis.cli("ACL", "SETUSER", "default", "-eval", "-evalsha");
        assertThat(failure(WRITE))
                .matches(Failures::isRefusal)
                .extracting(Failures::credentials)
                .asString()
                .startsWith("NOPERM")
                .doesNotContain("channel:");
    }
}
