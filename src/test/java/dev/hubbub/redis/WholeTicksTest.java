package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.config.BaseConfig;
import org.redisson.config.Config;

class WholeTicksTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 100", "99, 100", "100, 100", "101, 200", "637, 700", "1200, 1200"})
    void eachDelayGoesOnToTheNextTenthOfASecond(long delay, long whole) {
        WholeTicks ticks = new WholeTicks(attempt -> Duration.ofMillis(delay + attempt * 1_000L));
        assertThat(ticks.calcDelay(0)).hasMillis(whole);
        assertThat(ticks.calcDelay(2)).hasMillis(whole + 2_000);
    }

    @Test
    void anAddressHasThem() {
        assertThat(isWhole(config("hubbub.redis", "redis://127.0.0.1:1").useSingleServer()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "singleServerConfig:\n  address: redis://127.0.0.1:1\n",
                "sentinelServersConfig:\n  masterName: m\n  readMode: MASTER\n  subscriptionMode: MASTER\n  sentinelAddresses: [redis://127.0.0.1:1]\n",
                "clusterServersConfig:\n  readMode: MASTER\n  subscriptionMode: MASTER\n  nodeAddresses: [redis://127.0.0.1:1]\n"
            })
    void aFileHasThemToo(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("redisson.yaml"), yaml);
        Config config = config("hubbub.redis.config", file.toString());
        assertThat(isWhole(
                        config.isClusterConfig()
                                ? config.useClusterServers()
                                : config.isSentinelConfig() ? config.useSentinelServers() : config.useSingleServer()))
                .isTrue();
    }

    private static Config config(String key, String value) {
        return RedissonConfigs.of(Settings.of(Map.of(key, value)).redis);
    }

    private static boolean isWhole(BaseConfig<?> servers) {
        for (int attempt = 0; attempt < 50; attempt++) {
            if (servers.getRetryDelay().calcDelay(attempt % 4).toMillis() % 100 != 0) {
                return false;
            }
        }
        return true;
    }
}
