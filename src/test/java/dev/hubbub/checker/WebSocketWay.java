package dev.hubbub.checker;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One user's WebSocket, and another one where it ends. */
final class WebSocketWay implements Way {
    private final List<Integer> ports;
    private final Random random;
    private WebSocketLink link;
    /** Keys are remembered for each user: this one stays the same. */
    private String anon;

    WebSocketWay(List<Integer> ports, Random random) {
        this.ports = ports;
        this.random = random;
    }

    @Override
    public void send(Collection<Outgoing> messages, Answers answers) throws Lost {
        try {
            connect();
            Map<String, Outgoing> waiting = new HashMap<>();
            for (Outgoing message : messages) {
                waiting.put(message.payload, message);
                link.send("{\"type\":\"room.publish\",\"id\":\"" + message.payload + "\",\"data\":{\"room\":\""
                        + message.room + "\",\"key\":\"" + message.payload + "\",\"payload\":\"" + message.payload
                        + "\"}}");
            }
            while (!waiting.isEmpty()) {
                Link.Frame frame = next();
                Outgoing answered = waiting.remove(frame.envelope().path("id").asText());
                if (answered != null) {
                    answers.answered(answered, frame.data());
                }
            }
        } catch (Lost e) {
            close();
            throw e;
        }
    }

    private void connect() throws Lost {
        if (link != null && random.nextInt(100) == 0) {
            close(); // any node is as good
        }
        if (link == null) {
            link = WebSocketLink.open(Way.any(ports, random), anon == null ? "" : "?anon=" + anon);
            anon = next().data().get("anon").asText();
        }
    }

    private Link.Frame next() throws Lost {
        Link.Frame frame = link.next(WebSocketLink.PATIENCE);
        if (frame == null) {
            throw new Lost("no answer");
        }
        return frame;
    }

    @Override
    public void close() {
        if (link != null) {
            link.close();
            link = null;
        }
    }
}
