package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins and leaves of one room that meet: each stands for itself. */
class JoinIT {
    @RegisterExtension
    static final Browsers BROWSERS = new Browsers();

    private static Map<?, ?> run(String body, Object argument) {
        return Script.run(BROWSERS.visitor().blank(), BROWSERS.room(), body, argument);
    }

    /** As pages do that are put up twice. */
    @ParameterizedTest
    @ValueSource(strings = {"ws", "sse"})
    void aJoinBehindALeaveIsNotUndoneByTheOneBefore(String transport) {
        Map<?, ?> seen = run("""
                const client = open({ transport: argument });
                await until(() => client.state === 'open');
                const first = failure(client.join(room));
                client.room(room).leave();
                const heard = hear(client.room(room));
                const it = await client.join(room);
                await it.publish(1);
                await it.publish(2);
                await until(() => heard.at(-1) === 2);
                client.close();
                return { first: await first, heard };
                """, transport);
        assertThat(seen).isEqualTo(Map.of("first", "UNAVAILABLE", "heard", List.of(1, 2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "sse"})
    void twoJoinsAtOnceAreBothAnswered(String transport) {
        Map<?, ?> seen = run("""
                const client = open({ transport: argument });
                await until(() => client.state === 'open');
                const heard = hear(client.room(room));
                const [it, same] = await Promise.all([client.join(room), client.join(room)]);
                await it.publish(1);
                await it.publish(2);
                await until(() => heard.at(-1) === 2);
                client.close();
                return { same: it === same, heard };
                """, transport);
        assertThat(seen).isEqualTo(Map.of("same", true, "heard", List.of(1, 2)));
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
                const heard = hear(it);
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

    /** The application waits for that join, whatever became of another. */
    @Test
    void aJoinThatIsRefusedAtOnceHarmsNoneThatIsUnderWay() {
        Map<?, ?> seen = run("""
                const client = open();
                await until(() => client.state === 'open');
                const heard = hear(client.room(room));
                const first = client.join(room);
                const codes = [
                  await failure(client.join(room, { status: 'x'.repeat(20_000) })),
                  await failure(client.join(room, { presence: 'bad' })),
                ];
                const it = await first;
                const status = await failure(it.update({ far: 'x'.repeat(5_000) }));
                tap.drop();
                await it.publish(1);
                await until(() => heard.at(-1) === 1);
                client.close();
                return { codes, status, heard };
                """, null);
        assertThat(seen)
                .isEqualTo(Map.of(
                        "codes", List.of("INVALID_ARGUMENT", "INVALID_ARGUMENT"),
                        "status", "INVALID_ARGUMENT",
                        "heard", List.of(1)));
    }

    /** Refused while the connection went: what was heard meanwhile does not come once more. */
    @Test
    void aJoinThatIsRefusedAfterAReconnectRepeatsNothing() {
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                const heard = hear(it);
                tap.onsend = ({ data }) => data.presence !== 'bad';
                const refused = failure(client.join(room, { presence: 'bad' }));
                await it.publish(1);
                await it.publish(2);
                await until(() => heard.length === 2);
                tap.onsend = undefined;
                tap.drop();
                const code = await refused;
                await it.publish(3);
                await until(() => heard.at(-1) === 3);
                client.close();
                return { code, heard };
                """, null);
        assertThat(seen).isEqualTo(Map.of("code", "INVALID_ARGUMENT", "heard", List.of(1, 2, 3)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofJoinsAtOnceTheOneWithAPlaceIsReadFromThere(boolean first) {
        Map<?, ?> seen = run("""
                const writer = open();
                const { epoch } = (await writer.join(room)).place;
                for (let i = 1; i <= 5; i++) await writer.publish(room, i);
                const client = open();
                const heard = hear(client.room(room));
                const rewind = { since: { epoch, seq: 2 } };
                await Promise.all(argument
                  ? [client.join(room, rewind), client.join(room)]
                  : [client.join(room), client.join(room, rewind)]);
                await writer.publish(room, 6);
                await until(() => heard.at(-1) === 6);
                writer.close();
                client.close();
                return { heard };
                """, first);
        assertThat(seen).isEqualTo(Map.of("heard", List.of(3, 4, 5, 6)));
    }

    /** Own messages that are not echoed are not among what is replayed, and move the place in their turn. */
    @Test
    void aRewindOverOwnMessagesWithoutEchoMissesNoOther() {
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                const { epoch } = it.place;
                const writer = open();
                await writer.publish(room, 1);
                await writer.publish(room, 2);
                await it.publish(3, { echo: false });
                await writer.publish(room, 4);
                const heard = [];
                await until(() => it.place.seq === 4);
                it.on('message', ({ payload }) => heard.push(payload));
                await client.join(room, { since: { epoch, seq: 0 } });
                await writer.publish(room, 5);
                await until(() => heard.at(-1) === 5);
                writer.close();
                client.close();
                return { heard };
                """, null);
        assertThat(seen).isEqualTo(Map.of("heard", List.of(1, 2, 4, 5)));
    }

    @Test
    void aRoomThatWasLeftBeforeItWasJoinedIsNotJoined() {
        Map<?, ?> seen = run("""
                const client = open();
                const before = failure(client.join(room));
                client.room(room).leave();
                await until(() => client.state === 'open');
                const under = failure(client.join(room));
                tap.drop();
                client.room(room).leave();
                tap.sent.length = 0;
                await client.publish(room, 1);
                const joins = tap.sent.filter(({ type }) => type === 'room.join').length;
                client.close();
                return { before: await before, under: await under, joins };
                """, null);
        assertThat(seen).isEqualTo(Map.of("before", "UNAVAILABLE", "under", "UNAVAILABLE", "joins", 0));
    }

    @Test
    void whoeverHasLeftDoesNotLeaveForTheNext() {
        Map<?, ?> seen = run("""
                const client = open();
                const old = await client.join(room);
                await old.leave();
                const it = await client.join(room);
                const heard = hear(it);
                await old.leave();
                await it.publish(1);
                await until(() => heard.length === 1);
                client.close();
                return { heard };
                """, null);
        assertThat(seen).isEqualTo(Map.of("heard", List.of(1)));
    }

    /** More than may be sent at once: whoever is told to wait leaves then. */
    @Test
    void allRoomsThatAreLeftAtOnceAreLeft() {
        Map<?, ?> seen = run("""
                const client = open({ random: Math.random });
                const rooms = [];
                for (let i = 0; i < 45; i++) rooms.push(await client.join(`${room}-${i}`));
                const { conn } = client;
                await Promise.all(rooms.map((each) => each.leave()));
                const left = await Promise.all(rooms.map(async ({ name }) =>
                  (await (await fetch(`/api/v1/rooms/${encodeURIComponent(name)}/members`)).json()).items.length));
                const same = client.conn === conn && client.state === 'open';
                client.close();
                return { in: left.filter((members) => members).length, same };
                """, null);
        assertThat(seen).isEqualTo(Map.of("in", 0, "same", true));
    }

    /** It is taken out of the room, and comes back with the join that was under way. */
    @Test
    void aJoinThatMeetsARemovalDecides() {
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                const heard = hear(it);
                let kept;
                tap.onsend = (message) => { if (message.type === 'room.join') kept = message; return !kept; };
                const again = client.join(room, { status: { away: true } });
                tap.onsend = undefined;
                const removed = new Promise((done) => client.on('frame', ({ type }) => type === 'room.removed' && done()));
                await fetch(`/api/v1/rooms/${room}/members/${client.user}`, { method: 'DELETE' });
                await removed;
                tap.current.send(JSON.stringify(kept));
                const same = (await again) === it;
                await it.publish(1);
                await until(() => heard.length === 1);
                client.close();
                return { same, heard };
                """, null);
        assertThat(seen).isEqualTo(Map.of("same", true, "heard", List.of(1)));
    }

    @Test
    void aStreamLosesARoomThatWasLeftBeforeItOpened() {
        Map<?, ?> seen = run("""
                let asked;
                const client = open({ transport: 'sse', EventSource: class extends EventSource {
                  constructor(url) {
                    super(url);
                    asked?.(url);
                  }
                } });
                const kept = client.join(`${room}-kept`);
                const left = failure(client.join(room));
                await new Promise((done) => { asked = done; });
                client.room(room).leave();
                const next = new Promise((done) => { asked = done; });
                await kept;
                await left;
                const rooms = new URL(await next, location).searchParams.getAll('room');
                client.close();
                return { has: rooms.includes(room), rooms: rooms.length };
                """, null);
        assertThat(seen).isEqualTo(Map.of("has", false, "rooms", 1));
    }
}
