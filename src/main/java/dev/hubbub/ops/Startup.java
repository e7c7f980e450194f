package dev.hubbub.ops;

import dev.hubbub.access.ClientAddress;
import dev.hubbub.access.Echoes;
import dev.hubbub.access.Entrance;
import dev.hubbub.access.Standing;
import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Directory;
import dev.hubbub.cluster.LastSeen;
import dev.hubbub.cluster.Nodes;
import dev.hubbub.cluster.Upkeep;
import dev.hubbub.config.ConfigurationException;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.room.Rooms;
import dev.hubbub.session.NodeName;
import dev.hubbub.session.Sessions;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Made by the container, so its fields are injected. The first thing to run: checks the configuration, and says what has started. */
public class Startup implements ServletContextListener {
    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    /** Set where the process is this server's alone, which a wrong configuration then ends. */
    private static final String STANDALONE = "dev.hubbub.standalone";
    /** A wrong configuration, as sysexits.h numbers it. */
    private static final int EX_CONFIG = 78;
    /** How long the start waits for Redis. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);

    @Inject
    Instance<Settings> settings;

    @Inject
    Instance<ClusterHealth> cluster;

    @Inject
    Instance<Upkeep> upkeep;

    @Inject
    Instance<Nodes> nodes;

    @Inject
    Instance<Drain> drain;

    @Inject
    Instance<Directory> directory;

    @Inject
    Instance<LocalDirectory> local;

    @Inject
    Instance<LastSeen> lastSeen;

    @Inject
    Instance<Sessions> sessions;

    @Inject
    Instance<Echoes> echoes;

    @Inject
    Instance<Rooms> rooms;

    @Inject
    Instance<Ticker> ticker;

    @Inject
    Instance<HeaderTimes> headers;

    @Inject
    Instance<Metrics> metrics;

    @Inject
    Instance<NodeName> node;

    @Inject
    Instance<Entrance> entrance;

    @Inject
    Instance<ClientAddress> addresses;

    @Inject
    Instance<Standing> standing;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        try {
            start(settings.get());
        } catch (RuntimeException e) {
            Throwable cause = e;
            while (cause != null && !(cause instanceof ConfigurationException)) {
                cause = cause.getCause();
            }
            if (cause != null) {
                end(String.valueOf(cause.getMessage()));
            }
            throw e;
        }
    }

    private void start(Settings checked) {
        begun(entrance.get());
        begun(addresses.get());
        headers.get().begin();
        sessions.get().check(standing.get());
        ticker.get().start();
        upkeep.forEach(Upkeep::begin);
        awaitCluster(checked);
        nodes.get().onDisconnect((user, reason) -> {
            sessions.get().close(user, CloseCode.FORBIDDEN, reason);
            echoes.get().close(user, CloseCode.FORBIDDEN, reason);
        });
        Drain own = drain.get();
        nodes.get().onDrain(own::begin);
        directory.get().tell(local.get());
        LastSeen seen = lastSeen.get();
        sessions.get().listen((session, atOnce) -> seen.gone(session.identity().user()));
        nodes.get()
                .tell(() -> new Nodes.Node(
                        node.get().value(), sessions.get().count(), rooms.get().count(), false));
        metrics.get().register();
        if (!checked.limits.enabled()) {
            LOG.warn("hubbub.limits.enabled=false: every limit is off; never face the internet like this");
        }
        if (checked.redis.isUsed()
                && checked.access.anonymous()
                && checked.access.anonymousSecret().isEmpty()) {
            LOG.warn("hubbub.auth.anonymous-secret is empty: an anonymous user is another one on each node");
        }
        if (!checked.access.dev()
                && !checked.redis.isUsed()
                && checked.access.sanctionsFile().isEmpty()) {
            LOG.warn("hubbub.sanctions.file is empty and there is no Redis: bans end with this process, and tokens of"
                    + " users who were disconnected are good again after it");
        }
        if (checked.access.dev()) {
            System.out.println(Banner.development(node.get().value(), !checked.redis.isUsed()));
        } else {
            LOG.info(
                    "hubbub node {} started; anonymous users are {}",
                    node.get().value(),
                    checked.access.anonymous() ? "let in" : "not let in");
        }
    }

    /** What reads files of the configuration reads them now: a wrong one stops the start. */
    private static void begun(Object bean) {
        LOG.debug("{} has read its configuration", bean.getClass());
    }

    /** A Redis that is of no use stops the start; one that is away does not. */
    private void awaitCluster(Settings checked) {
        if (!checked.redis.isUsed()) {
            return;
        }
        try {
            String unfit = cluster.get().awaitFirst(FIRST_ANSWER);
            if (!unfit.isEmpty()) {
                end("configuration: " + unfit);
                throw new IllegalStateException(unfit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!cluster.get().isHere()) {
            LOG.warn("Redis does not answer yet: this node is not ready until it does");
        }
    }

    private static void end(String line) {
        if (Boolean.getBoolean(STANDALONE)) {
            System.err.println(line);
            Runtime.getRuntime().halt(EX_CONFIG);
        }
    }
}
