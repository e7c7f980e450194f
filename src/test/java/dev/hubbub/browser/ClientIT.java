package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.hubbub.support.Backend;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against the real server, in a page with nothing else on it. {@code tap} is tap.js. */
class ClientIT {
    @RegisterExtension
    static final Browsers BROWSERS = new Browsers();

    private Backend backend;
    private String room;
    private Page page;

    @BeforeEach
    void aBlankPage() {
        backend = new Backend(BROWSERS.node());
        room = BROWSERS.room();
        page = BROWSERS.visitor().blank();
    }

    private Map<?, ?> run(String body, Object argument) {
        return Script.run(page, room, body, argument);
    }

    private Map<?, ?> run(String body) {
        return run(body, null);
    }

    private void publish(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(i -> backend.publish(room, Integer.toString(i)));
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    /**
     * Every few messages the connection goes: dropped with all that is under way, or by {@code reconnect()}. Streams go
     * less often: the server learns that one is gone when it writes to it, and until then it counts as one of the user's.
     */
    @ParameterizedTest
    @ValueSource(strings = {"ws", "sse"})
    void eachMessageComesOnceAndInOrderOverManyReconnects(String transport) {
        int total = 900; // the room keeps 1,000, so that nothing may be lost
        publish(1, 50);
        String epoch = (String)
                page.evaluate("async (room) => (await (await fetch(`/api/v1/rooms/${room}`)).json()).epoch", room);
        CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> publish(51, total));
        Map<?, ?> seen = run("""
                const [transport, epoch, every] = argument;
                const client = open({ transport });
                const it = client.room(room);
                const seqs = [], payloads = [], told = [];
                let losses = 0;
                for (const event of ['reset', 'skipped', 'removed']) it.on(event, (data) => told.push({ event, ...data }));
                const all = new Promise((done) => it.on('message', ({ seq, payload }) => {
                  seqs.push(seq);
                  payloads.push(payload);
                  if (seq === 900) return done();
                  if (seqs.length % every) return;
                  if (++losses % 2 && transport === 'ws') tap.drop();
                  else client.reconnect();
                }));
                await client.join(room, { since: { epoch, seq: 0 } });
                await all;
                client.close();
                return { seqs, payloads, told, losses };
                """, new Object[] {transport, epoch, transport.equals("ws") ? 11 : 60});
        publisher.join();
        assertThat((List<?>) seen.get("told")).isEmpty();
        assertThat(seen.get("seqs")).isEqualTo(numbers(1, total));
        assertThat(seen.get("payloads")).isEqualTo(numbers(1, total));
        assertThat((Integer) seen.get("losses")).isGreaterThan(transport.equals("ws") ? 50 : 10);
    }

    @Test
    void aPlaceKeptByThePageIsResumedFrom() {
        publish(1, 10);
        Map<?, ?> seen = run("""
                const first = open();
                const { epoch } = (await first.join(room)).place;
                first.close();
                const client = open();
                const it = client.room(room);
                const seqs = [];
                it.on('message', ({ seq }) => seqs.push(seq));
                await client.join(room, { since: { epoch, seq: 6 } });
                const { recovered, replayed } = it.info;
                await until(() => seqs.length === 4);
                const place = it.place;
                client.close();
                return { seqs, recovered, replayed, place: place.seq };
                """);
        assertThat(seen).isEqualTo(Map.of("seqs", numbers(7, 10), "recovered", true, "replayed", 4, "place", 10));
    }

    @Test
    void aPlaceThatIsGoneIsToldAsReset() {
        publish(1, 3);
        Map<?, ?> seen = run("""
                const client = open();
                const it = client.room(room);
                const told = [];
                it.on('reset', ({ reason, seq }) => told.push(`${reason} ${seq}`));
                await client.join(room, { since: { epoch: 'another', seq: 2 } });
                await until(() => told.length === 1);
                const { epoch } = it.place;
                await client.join(room, { since: { epoch, seq: 99 } });
                await until(() => told.length === 2);
                const { recovered } = it.info;
                await client.publish(room, 'goes on');
                await until(() => it.place.seq === 4);
                client.close();
                return { told, recovered };
                """);
        assertThat(seen).isEqualTo(Map.of("told", List.of("epoch 3", "ahead 3"), "recovered", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "sse"})
    void historyIsReadAsALoop(String transport) {
        BROWSERS.last()
                .expecting("status of (416|400)"); // over HTTP a refusal is an answer that consoles complain about
        publish(1, 120);
        Map<?, ?> seen = run("""
                const client = open({ transport: argument });
                const it = await client.join(room);
                const read = async (query) => {
                  const seqs = [];
                  for await (const { seq } of it.history(query)) seqs.push(seq);
                  return seqs;
                };
                const { epoch } = it.place;
                const found = {
                  newest: await read(),
                  since: await read({ since: { epoch, seq: 10 }, limit: 1000 }),
                  before: await read({ before: { epoch, seq: 11 }, limit: 4 }),
                  foreign: await failure(read({ since: { epoch: 'another', seq: 1 } })),
                  tooMany: await failure(read({ limit: 1001 })),
                };
                client.close();
                return found;
                """, transport);
        assertThat(seen.get("newest")).isEqualTo(numbers(71, 120));
        assertThat(seen.get("since")).isEqualTo(numbers(11, 120));
        assertThat(seen.get("before")).isEqualTo(numbers(7, 10));
        assertThat(seen.get("foreign")).isEqualTo("OUT_OF_RANGE");
        assertThat(seen.get("tooMany")).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void leavingTheLoopCancelsTheHistory() {
        String large = "\"" + "x".repeat(10_000) + "\"";
        for (int i = 0; i < 300; i++) {
            backend.publish(room, large);
        }
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                const completes = [];
                client.on('frame', ({ type, id }) => type === 'room.history.complete' && completes.push(id));
                let read = 0;
                for await (const message of it.history({ limit: 300 })) if (++read === 3) break;
                const history = tap.sent.find(({ type }) => type === 'room.history');
                const cancels = tap.sent.filter(({ type }) => type === 'cancel').map(({ data }) => data.id === history.id);
                await until(() => completes.length === 1);
                const again = await client.request('presence.list', { room });
                client.close();
                return { read, cancels, answered: completes[0] === history.id, count: again.count };
                """);
        assertThat(seen).isEqualTo(Map.of("read", 3, "cancels", List.of(true), "answered", true, "count", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "sse"})
    void membersComePageByPage(String transport) {
        Map<?, ?> seen = run("""
                const clients = [1, 2, 3, 4, 5].map(() => open());
                for (const client of clients) await client.join(room);
                const reader = open({ transport: argument });
                const it = await reader.join(room, { presence: 'off' });
                const users = [];
                for await (const { user } of it.members({ limit: 2 })) users.push(user);
                const asked = tap.sent.filter(({ type }) => type === 'presence.list').length;
                const sorted = clients.map(({ user }) => user).sort();
                for (const client of [...clients, reader]) client.close();
                return { same: JSON.stringify(users) === JSON.stringify(sorted), count: it.count, asked };
                """, transport);
        assertThat(seen).isEqualTo(Map.of("same", true, "count", 5, "asked", transport.equals("ws") ? 3 : 0));
    }

    @Test
    void closingIsLeavingAtOnce() {
        Map<?, ?> seen = run("""
                const stays = open();
                const it = await stays.join(room, { status: { name: 'stays' } });
                const changes = [];
                it.on('presence', ({ change, member }) => changes.push(`${change} ${member.status?.name}`));
                const goes = open();
                const other = await goes.join(room, { status: { name: 'goes' } });
                await other.update({ name: 'goes soon' });
                goes.close();
                await until(() => changes.length === 3);
                stays.close();
                return { changes, count: it.count, state: goes.state };
                """);
        assertThat(seen)
                .isEqualTo(Map.of(
                        "changes",
                        List.of("joined goes", "updated goes soon", "left goes soon"),
                        "count",
                        1,
                        "state",
                        "closed"));
    }

    @Test
    void aRequestWithoutAnswerTimesOut() {
        Map<?, ?> seen = run("""
                const client = open({ timeoutMs: 2_000 }); // for the connection, too, on a machine that has other work
                await client.join(room);
                tap.onsend = ({ type }) => type !== 'presence.list' && type !== 'room.publish';
                const list = await failure(client.request('presence.list', { room }));
                const publish = await failure(client.publish(room, 'lost', { ephemeral: true }));
                tap.onsend = undefined;
                const after = await client.publish(room, 'not lost');
                client.close();
                return { list, publish, after: after.seq };
                """);
        assertThat(seen).isEqualTo(Map.of("list", "DEADLINE_EXCEEDED", "publish", "DEADLINE_EXCEEDED", "after", 1));
    }

    @Test
    void refusalsAreErrorsWithACode() {
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                const found = {
                  unknown: await failure(client.request('room.dance', { room })),
                  badRoom: await failure(client.join('a b')),
                  large: await failure(it.publish('x'.repeat(20_000))),
                  ephemeralKey: await failure(client.request('room.publish', { room, payload: 1, ephemeral: true, key: 'k' })),
                  state: client.state,
                };
                client.close();
                found.closed = await failure(it.publish(1));
                return found;
                """);
        assertThat(seen)
                .isEqualTo(Map.of(
                        "unknown", "UNIMPLEMENTED",
                        "badRoom", "INVALID_ARGUMENT",
                        "large", "INVALID_ARGUMENT",
                        "ephemeralKey", "INVALID_ARGUMENT",
                        "state", "open",
                        "closed", "UNAVAILABLE"));
    }

    /** The message arrives and the reply does not: the client repeats it, with the same key. */
    @Test
    void aPublishWhoseReplyIsLostIsRepeatedAndDoneOnce() {
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                const heard = hear(it);
                let losses = 0;
                tap.onsend = ({ type }) => {
                  // the socket sends first, and is dropped before anything can come back
                  if (type === 'room.publish' && ++losses <= 3) queueMicrotask(() => tap.drop());
                };
                const { seq } = await it.publish('once');
                await it.publish('another');
                await until(() => heard.length === 2);
                const keys = tap.sent.filter(({ type }) => type === 'room.publish').map(({ data }) => data.key);
                client.close();
                return { seq, heard, sends: keys.length, keys: new Set(keys).size };
                """);
        assertThat(seen).isEqualTo(Map.of("seq", 1, "heard", List.of("once", "another"), "sends", 5, "keys", 2));
    }

    @Test
    void whatIsPublishedWhileThereIsNoConnectionWaitsForOne() {
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                client.pause();
                const waiting = it.publish('later');
                const ephemeral = await failure(it.publish('now or never', { ephemeral: true }));
                client.resume();
                const { seq } = await waiting;
                client.close();
                return { seq, ephemeral };
                """);
        assertThat(seen).isEqualTo(Map.of("seq", 1, "ephemeral", "UNAVAILABLE"));
    }

    @Test
    void ownMessagesWithoutEchoAreNotHeardAndMoveThePlace() {
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                const heard = hear(it);
                await it.publish('silent', { echo: false });
                await it.publish('loud');
                await it.publish('silent too', { echo: false });
                const place = it.place.seq;
                tap.drop();
                await it.publish('after');
                await until(() => heard.length === 2);
                client.close();
                return { heard, place };
                """);
        assertThat(seen).isEqualTo(Map.of("heard", List.of("loud", "after"), "place", 3));
    }

    @Test
    void afterLeavingNothingOfTheRoomComes() {
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                const heard = hear(it);
                await client.publish(room, 'in');
                await until(() => heard.length === 1);
                await it.leave();
                await client.publish(room, 'out');
                await client.request('presence.list', { room });
                tap.drop();
                await client.request('presence.list', { room });
                client.close();
                return { heard };
                """);
        assertThat(seen).isEqualTo(Map.of("heard", List.of("in")));
    }

    @Test
    void aRoomThatIsTakenAwayIsTold() {
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                const removed = [];
                it.on('removed', ({ reason }) => removed.push(typeof reason));
                const { ok } = await fetch(`/api/v1/rooms/${room}/members/${client.user}`, { method: 'DELETE' });
                await until(() => removed.length === 1);
                const { state } = client;
                client.close();
                return { ok, removed, state };
                """);
        assertThat(seen).isEqualTo(Map.of("ok", true, "removed", List.of("string"), "state", "open"));
    }

    @Test
    void theUsersOwnRoomIsHeardFromTheStart() {
        Map<?, ?> seen = run("""
                const client = open();
                await until(() => client.state === 'open');
                const own = `user:${client.user}`;
                const it = client.room(own);
                const heard = hear(it);
                const send = (payload) => fetch(`/api/v1/users/${client.user}/messages`, {
                  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ payload }) });
                await send('before the join');
                await client.join(own);
                await send('after the join');
                await until(() => heard.length === 2);
                tap.drop();
                await send('while away');
                await until(() => heard.length === 3);
                client.close();
                return { heard };
                """);
        assertThat(seen).isEqualTo(Map.of("heard", List.of("before the join", "after the join", "while away")));
    }

    @Test
    void aListenerThatThrowsHarmsNobody() {
        BROWSERS.last().expecting("thrown by the test");
        Map<?, ?> seen = run("""
                const client = open();
                const it = await client.join(room);
                const heard = [];
                it.on('message', () => { throw new Error('thrown by the test'); });
                const stop = it.on('message', ({ payload }) => heard.push(payload));
                await it.publish(1);
                await it.publish(2);
                await until(() => heard.length === 2);
                stop();
                await it.publish(3);
                await until(() => it.place.seq === 3);
                client.close();
                return { heard };
                """);
        assertThat(seen).isEqualTo(Map.of("heard", List.of(1, 2)));
    }

    @Test
    void statesFollowOneAnotherAsDocumented() {
        Map<?, ?> seen = run("""
                const client = open();
                const states = [client.state];
                client.on('state', ({ state }) => states.push(state));
                await until(() => client.state === 'open');
                tap.drop();
                await until(() => client.state === 'open');
                client.pause();
                client.resume();
                await until(() => client.state === 'open');
                await fetch(`/api/v1/connections/${client.conn}`, { method: 'DELETE' });
                await until(() => client.state === 'closed');
                client.resume();
                client.reconnect();
                await until(() => client.state === 'open');
                client.close();
                return { states };
                """);
        assertThat(seen)
                .isEqualTo(Map.of(
                        "states",
                        List.of(
                                "connecting",
                                "open",
                                "waiting",
                                "connecting",
                                "open",
                                "paused",
                                "connecting",
                                "open",
                                "closed",
                                "connecting",
                                "open",
                                "closed")));
    }
}
