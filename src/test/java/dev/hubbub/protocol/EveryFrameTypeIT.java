package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.SchemaCheck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each type that a single node can send is sent, and fits its schema. */
class EveryFrameTypeIT {
    private final Node node = Nodes.shared();

    @Test
    void fitsItsSchema() {
        String room = Nodes.room("chat");
        String in = "{\"room\":\"" + room + "\"";
        List<RawWebSocket> others = new ArrayList<>();
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node);
                EventStream stream = EventStream.open(node, "room=" + Nodes.room("chat"))) {
            ann.join(room);
            bob.join(room);
            ann.ok("auth.refresh", "{\"token\":\"" + ann.anon() + "\"}");
            bob.publish(room, "1");
            ann.next("room.published");
            bob.ok("presence.update", in + ",\"status\":{\"n\":1}}");
            ann.next("presence.updated");
            ann.ok("presence.list", in + "}");
            ann.ask("room.history", in + "}");
            ann.next("room.history.complete");
            bob.ok("room.leave", in + "}");
            ann.next("presence.left");
            ann.fails("room.join", "{}");
            ann.join(room, ",\"since\":{\"epoch\":\"other\",\"seq\":1}");
            ann.next("room.reset");
            for (int i = 0; i < 9; i++) {
                RawWebSocket other = RawWebSocket.open(node);
                others.add(other);
                other.join(room);
            }
            ann.next("presence.changed");
            Api.delete(node, "/api/v1/rooms/" + room + "/members/" + ann.user());
            ann.next("room.removed");
            String conn = stream.next("session.opened").content().get("conn").asText();
            stream.next("room.joined");
            Api.delete(node, "/api/v1/connections/" + conn);
            stream.next("session.closed");
            skippedAndReset();
        } finally {
            others.forEach(RawWebSocket::close);
        }
        // not here: reconnect, which ClusterDrainIT has: a node that drains is of no use to others
        assertThat(SchemaCheck.seen())
                .contains(
                        "auth.refresh.reply",
                        "error",
                        "pong",
                        "presence.changed",
                        "presence.joined",
                        "presence.left",
                        "presence.list.reply",
                        "presence.reset",
                        "presence.update.reply",
                        "presence.updated",
                        "room.history.complete",
                        "room.history.reply",
                        "room.join.reply",
                        "room.joined",
                        "room.leave.reply",
                        "room.publish.reply",
                        "room.published",
                        "room.removed",
                        "room.reset",
                        "room.skipped",
                        "session.closed",
                        "session.opened");
    }

    /** A reader that stops misses messages and presence. */
    private void skippedAndReset() {
        String room = Nodes.room("skip");
        String payload = "\"" + "x".repeat(12_000) + "\"";
        try (RawWebSocket slow = RawWebSocket.openNarrow(node);
                RawWebSocket publisher = RawWebSocket.open(node)) {
            publisher.join(room);
            slow.join(room);
            for (int i = 0; i < 900; i++) {
                publisher.publish(room, payload, ",\"echo\":false");
            }
            for (int i = 0; i < 600; i++) {
                publisher.ok("presence.update", "{\"room\":\"" + room + "\",\"status\":{\"n\":" + i + "}}");
            }
            slow.next("room.skipped");
            JsonNode reset = slow.next("presence.reset");
            assertThat(reset.at("/data/count").asInt()).isEqualTo(2);
            slow.barrier();
        }
    }
}
