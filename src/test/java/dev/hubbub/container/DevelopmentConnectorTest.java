package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.xml.XmlConfiguration;
import org.junit.jupiter.api.Test;

/** What {@code mvn jetty:run} listens with. */
class DevelopmentConnectorTest {
    @Test
    void itIsOnLoopbackAndDoesNotTellItsVersion() throws Exception {
        Server server = new Server();
        XmlConfiguration configuration =
                new XmlConfiguration(ResourceFactory.root().newResource(Path.of("etc", "jetty-dev.xml")));
        configuration.getIdMap().put("Server", server);
        configuration.configure();
        assertThat(server.getConnectors()).singleElement().satisfies(connector -> {
            assertThat(((ServerConnector) connector).getHost()).isEqualTo("127.0.0.1");
            assertThat(connector
                            .getConnectionFactory(HttpConnectionFactory.class)
                            .getHttpConfiguration()
                            .getSendServerVersion())
                    .isFalse();
            assertThat(connector
                            .getConnectionFactory(HttpConnectionFactory.class)
                            .getHttpConfiguration()
                            .getHeaderCacheSize())
                    .isZero();
        });
    }
}
