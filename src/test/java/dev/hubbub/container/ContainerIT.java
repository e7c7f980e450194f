package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.session.FrameSink;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import dev.hubbub.websocket.EndpointFactory;
import dev.hubbub.websocket.Gateway;
import dev.hubbub.websocket.RoomEndpoint;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.Filters;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ExplodedImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The WAR as built, in a container: that CDI puts it together, and that the container serves what it declares. */
@ExtendWith(ArquillianExtension.class)
class ContainerIT {
    private static final String NODE = "node-in-a-container";

    @Deployment
    static WebArchive war() {
        System.setProperty("hubbub.dev", "true");
        System.setProperty("hubbub.node", NODE);
        return ShrinkWrap.create(WebArchive.class, "ROOT.war")
                .as(ExplodedImporter.class)
                .importDirectory("target/webapp", Filters.exclude("/WEB-INF/lib/.*"))
                .as(WebArchive.class);
    }

    @Inject
    BeanManager beans;

    @Inject
    Settings settings;

    @Inject
    Gateway gateway;

    @Inject
    Sessions sessions;

    @ArquillianResource
    URL url;

    private final HttpClient http = HttpClient.newHttpClient();

    // ---- within the container

    @Test
    void runsWithinTheWebApplication() {
        assertThat(getClass().getClassLoader().getClass().getSimpleName()).isEqualTo("WebAppClassLoader");
        assertThat(Gateway.class.getClassLoader()).isSameAs(getClass().getClassLoader());
    }

    @Test
    void everyBeanCanBeMade() {
        Set<Bean<?>> all = beans.getBeans(Object.class, Any.Literal.INSTANCE);
        List<Bean<?>> ours = all.stream()
                .filter(bean -> bean.getBeanClass().getName().startsWith("dev.hubbub."))
                .filter(bean -> !bean.getBeanClass().getPackageName().equals("dev.hubbub.container"))
                .toList();
        assertThat(ours).hasSizeGreaterThan(20);
        for (Bean<?> bean : ours) {
            Object made = beans.getReference(bean, Object.class, beans.createCreationalContext(bean));
            assertThat(made).as(bean.toString()).isNotNull();
            // a proxy is made of nothing; a call makes what stands behind it
            assertThat(made.toString()).isNotEmpty();
        }
    }

    @Test
    void settingsComeFromMicroProfileConfig() {
        assertThat(ConfigProvider.getConfig().getValue("hubbub.node", String.class))
                .isEqualTo(NODE);
        assertThat(settings.access.node()).isEqualTo(NODE);
        assertThat(settings.access.dev()).isTrue();
    }

    @Test
    void oneGatewayServesAllEndpoints() throws ReflectiveOperationException {
        EndpointFactory factory = new EndpointFactory();
        RoomEndpoint one = factory.getEndpointInstance(RoomEndpoint.class);
        RoomEndpoint another = factory.getEndpointInstance(RoomEndpoint.class);
        assertThat(one).isNotSameAs(another);
        assertThat(field(one, Gateway.class)).isSameAs(gateway);
        assertThat(field(another, Gateway.class)).isSameAs(gateway);
    }

    /** Jetty's classes are hidden from a WAR unless it says otherwise; then frames would be written the slow way. */
    @Test
    void framesAreWrittenToJettysCoreSession() throws Exception {
        Inbox inbox = new Inbox();
        WebSocket socket = connect("/ws", inbox);
        String conn = jakarta.json.Json.createReader(new StringReader(inbox.next()))
                .readObject()
                .getJsonObject("data")
                .getString("conn");
        Session session = sessions.find(new ConnectionId(conn));
        assertThat(field(session, FrameSink.class).getClass().getSimpleName()).isEqualTo("JettyFrameSink");
        socket.abort();
    }

    private static Object field(Object holder, Class<?> type) throws ReflectiveOperationException {
        Field field = Arrays.stream(holder.getClass().getDeclaredFields())
                .filter(each -> each.getType() == type)
                .findFirst()
                .orElseThrow();
        field.setAccessible(true);
        return field.get(holder);
    }

    @Test
    void theNodesFiguresAreAJmxBean() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("dev.hubbub:type=Node");
        assertThat(server.getMBeanInfo(name).getAttributes()).hasSizeGreaterThan(5);
        assertThat((Long) server.getAttribute(name, "Connections")).isNotNegative();
    }

    // ---- from outside

    @ParameterizedTest
    @RunAsClient
    @ValueSource(strings = {"/healthz", "/readyz", "/health", "/health/live", "/health/ready", "/health/started"})
    void healthIsUp(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith("{\n    \"status\": \"UP\"").contains(NODE);
    }

    @Test
    @RunAsClient
    void metricsAreToldInPrometheusForm() throws Exception {
        HttpResponse<String> response = get("/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain");
        assertThat(response.body())
                .contains("# HELP hubbub_connections")
                .contains("hubbub_messages_published")
                .containsPattern("hubbub_closed\\{.*code=\"4003\"");
    }

    @Test
    @RunAsClient
    void theEndpointsAreThere() throws Exception {
        Inbox events = new Inbox();
        WebSocket rooms = connect("/ws", events);
        assertThat(rooms.getSubprotocol()).isEqualTo("hubbub.v1");
        assertThat(events.next()).contains("session.opened").contains(NODE);
        rooms.abort();
        Inbox echoes = new Inbox();
        WebSocket echo = connect("/echo", echoes);
        echo.sendText("hello", true).join();
        assertThat(echoes.next()).isEqualTo("hello");
        echo.abort();
        HttpResponse<java.io.InputStream> stream = http.send(
                HttpRequest.newBuilder(at("http", "/events?room=a")).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        stream.body().close();
        assertThat(get("/api/v1/nodes").body()).contains(NODE);
    }

    @ParameterizedTest
    @RunAsClient
    @CsvSource({
        "/, text/html",
        "/chat.html, text/html",
        "/client/hubbub.js, text/javascript",
        "/client/hubbub.d.ts, text/plain",
        "/style.css, text/css"
    })
    void pagesComeWithStrictHeaders(String path, String type) throws Exception {
        HttpResponse<String> response = get(path);
        HttpHeaders headers = response.headers();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(headers.firstValue("content-type").orElseThrow()).startsWith(type);
        assertThat(headers.firstValue("content-security-policy"))
                .hasValue(
                        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'none'");
        assertThat(headers.firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(headers.firstValue("referrer-policy")).hasValue("no-referrer");
        assertThat(headers.firstValue("cache-control")).hasValue("no-cache");
        assertThat(get(
                                path,
                                "If-Modified-Since",
                                headers.firstValue("last-modified").orElseThrow())
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    @RunAsClient
    void neitherDirectoriesNorTheInsideAreShown() throws Exception {
        assertThat(get("/client/").statusCode()).isEqualTo(403);
        assertThat(get("/WEB-INF/web.xml").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/nodes").headers().firstValue("content-security-policy"))
                .isEmpty();
    }

    private URI at(String scheme, String path) {
        return URI.create(scheme + "://" + url.getHost() + ":" + url.getPort() + path);
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(at("http", path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private WebSocket connect(String path, Inbox inbox) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        return (path.equals("/ws") ? builder.subprotocols("hubbub.v1") : builder)
                .buildAsync(at("ws", path), inbox)
                .join();
    }

    /** What a socket is told, one message at a time. */
    private static final class Inbox implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                messages.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }

        String next() throws InterruptedException {
            return messages.poll(10, TimeUnit.SECONDS);
        }
    }
}
