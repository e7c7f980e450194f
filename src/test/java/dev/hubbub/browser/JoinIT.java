package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins of one room that meet: the latest says what is to be. */
class JoinIT {
    @RegisterExtension
    static final Browsers BROWSERS = new Browsers();

    private static Map<?, ?> run(String body, Object argument) {
        return Script.run(BROWSERS.visitor().blank(), BROWSERS.room(), body, argument);
    }

    /** As pages do that are put up twice. Over SSE the first waits for a stream that is not opened any more. */
    @ParameterizedTest
    @CsvSource({"ws, none", "sse, UNAVAILABLE"})
    void aJoinBehindALeaveIsNotUndoneByTheOneBefore(String transport, String first) {
        Map<?, ?> seen = run("""
                const client = open({ transport: argument });
                await until(() => client.state === 'open');
                const first = failure(client.join(room));
                client.room(room).leave();
                const heard = [];
                client.room(room).on('message', ({ payload }) => heard.push(payload));
                const it = await client.join(room);
                await it.publish(1);
                await until(() => heard.length === 1);
                client.close();
                return { first: await first, heard };
                """, transport);
        assertThat(seen).isEqualTo(Map.of("first", first, "heard", List.of(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "sse"})
    void twoJoinsAtOnceAreBothAnswered(String transport) {
        Map<?, ?> seen = run("""
                const client = open({ transport: argument });
                await until(() => client.state === 'open');
                const heard = [];
                client.room(room).on('message', ({ payload }) => heard.push(payload));
                const [it, same] = await Promise.all([client.join(room), client.join(room)]);
                await it.publish(1);
                await until(() => heard.length === 1);
                client.close();
                return { same: it === same, heard };
                """, transport);
        assertThat(seen).isEqualTo(Map.of("same", true, "heard", List.of(1)));
    }

    @Test
    void twoJoinsAtOnceThatAreRefusedAreNotTriedAgain() {
        Map<?, ?> seen = run("""
                const client = open();
                await until(() => client.state === 'open');
                const codes = await Promise.all([failure(client.join('a b')), failure(client.join('a b'))]);
                await client.join(room);
                tap.drop();
                tap.sent.length = 0;
                await client.publish(room, 1);
                const again = tap.sent.filter(({ type }) => type === 'room.join').map(({ data }) => data.room === room);
                client.close();
                return { codes, again };
                """, null);
        assertThat(seen)
                .isEqualTo(Map.of(
                        "codes", List.of("INVALID_ARGUMENT", "INVALID_ARGUMENT"),
                        "again", List.of(true)));
    }

    /** What came while nobody knew where it would begin is not missed. */
    @Test
    void aPlaceThatIsRefusedLeavesTheRoomAsItWas() {
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                const heard = [];
                it.on('message', ({ payload }) => heard.push(payload));
                await it.publish(1);
                await until(() => heard.length === 1);
                const refused = failure(client.join(room, { since: { epoch: 'bad!', seq: 1 } }));
                it.publish(2);
                const code = await refused;
                it.publish(3);
                await until(() => heard.length === 3);
                tap.drop();
                it.publish(4);
                await until(() => heard.length === 4);
                client.close();
                return { code, heard };
                """, null);
        assertThat(seen).isEqualTo(Map.of("code", "INVALID_ARGUMENT", "heard", List.of(1, 2, 3, 4)));
    }
}
