package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.spi.LifecycleEvent;
import dev.hubbub.spi.LifecycleEvent.Kind;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.Filters;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ExplodedImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The WAR with a team's own class in it, as docs/webhooks.md says how to write one. */
@ExtendWith(ArquillianExtension.class)
class OwnCodeIT {
    @Deployment
    static WebArchive war() {
        System.setProperty("hubbub.dev", "true");
        System.setProperty("hubbub.node", "node-in-a-container");
        return ShrinkWrap.create(WebArchive.class, "ROOT.war")
                .as(ExplodedImporter.class)
                .importDirectory("target/webapp", Filters.exclude("/WEB-INF/lib/.*"))
                .as(WebArchive.class)
                .addClass(Listening.class);
    }

    @Inject
    Listening listening;

    @ArquillianResource
    URL url;

    private static final class Silent implements WebSocket.Listener {}

    @Test
    void itHearsWhatHappensInOrderAlthoughAnotherObserverThrows() throws Exception {
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("hubbub.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + url.getPort() + "/ws"), new Silent())
                .get(10, TimeUnit.SECONDS);
        socket.sendText("{\"type\":\"room.join\",\"id\":\"1\",\"data\":{\"room\":\"own:code\"}}", true)
                .get(10, TimeUnit.SECONDS);
        awaitHeard(3);
        socket.sendClose(1000, "").get(10, TimeUnit.SECONDS);
        awaitHeard(6);
        assertThat(listening.heard().stream().map(LifecycleEvent::kind))
                .isEqualTo(List.of(Kind.CONNECT, Kind.JOIN, Kind.OCCUPIED, Kind.LEAVE, Kind.VACATED, Kind.DISCONNECT));
        assertThat(listening.heard().get(1).room()).isEqualTo("own:code");
        assertThat(listening.heard().get(1).user()).startsWith("anon-");
        assertThat(listening.threads()).containsOnly("lifecycle-events");
    }

    /** Awaitility is not within the container. */
    private void awaitHeard(int count) {
        for (int looks = 0; looks < 1_000 && listening.heard().size() < count; looks++) {
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
        }
        assertThat(listening.heard()).hasSize(count);
    }
}
