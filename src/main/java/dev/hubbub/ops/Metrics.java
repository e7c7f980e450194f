package dev.hubbub.ops;

import dev.hubbub.access.AnswerBudget;
import dev.hubbub.access.BatchBudget;
import dev.hubbub.access.Refusals;
import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Outbox;
import dev.hubbub.hook.HookStats;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.room.LogBudget;
import dev.hubbub.room.Rooms;
import dev.hubbub.session.DeliveryStats;
import dev.hubbub.session.Sessions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** The node's figures, as MicroProfile metrics and as the JMX bean {@code dev.hubbub:type=Node}. */
@Singleton
public class Metrics implements NodeMXBean {
    private static final String BEAN = "dev.hubbub:type=Node";

    private final MetricRegistry registry;
    private final Sessions sessions;
    private final Rooms rooms;
    private final LogBudget budget;
    private final DeliveryStats stats;
    private final ClusterHealth cluster;
    private final Refusals refusals;
    private final BatchBudget batches;
    private final AnswerBudget answers;
    private final HookStats hooks;
    private final Outbox outbox;

    @Inject
    public Metrics(
            MetricRegistry registry,
            Sessions sessions,
            Rooms rooms,
            LogBudget budget,
            DeliveryStats stats,
            ClusterHealth cluster,
            Refusals refusals,
            BatchBudget batches,
            AnswerBudget answers,
            HookStats hooks,
            Outbox outbox) {
        this.registry = registry;
        this.sessions = sessions;
        this.rooms = rooms;
        this.budget = budget;
        this.stats = stats;
        this.cluster = cluster;
        this.refusals = refusals;
        this.batches = batches;
        this.answers = answers;
        this.hooks = hooks;
        this.outbox = outbox;
    }

    void register() {
        gauge("hubbub_connections", "connections open now", this::getConnections);
        gauge("hubbub_rooms", "rooms that live on this node", this::getRooms);
        gauge("hubbub_log_bytes", "bytes that all rooms' logs hold", this::getLogBytes);
        gauge("hubbub_log_trimmed_for_budget", "messages dropped for the logs' budget", budget::trimmed);
        gauge("hubbub_messages_in", "messages received from clients", this::getMessagesIn);
        gauge("hubbub_messages_invalid", "malformed messages received", stats.invalid::sum);
        gauge("hubbub_messages_published", "messages published", this::getMessagesPublished);
        gauge("hubbub_batches_out", "writes to clients", stats.batches::sum);
        gauge("hubbub_bytes_out", "bytes written to clients, without transport framing", this::getBytesOut);
        gauge("hubbub_resets", "room.reset told", stats.resets::sum);
        gauge("hubbub_messages_skipped", "messages left out for slow connections", stats.skipped::sum);
        gauge(
                "hubbub_refused_rate",
                "messages and requests refused for their rate",
                () -> refusals.count(Refusals.Reason.MESSAGE_RATE) + refusals.count(Refusals.Reason.PUBLISH_RATE));
        gauge(
                "hubbub_refused_count",
                "requests refused for a count's limit",
                () -> refusals.count(Refusals.Reason.ROOMS)
                        + refusals.count(Refusals.Reason.WAITING)
                        + refusals.count(Refusals.Reason.STREAMS)
                        + refusals.count(Refusals.Reason.BANS));
        gauge("hubbub_batches_bytes", "bytes of large batches that come in or are looked at", batches::held);
        gauge("hubbub_answers_bytes", "bytes of large answers that nobody has read yet", answers::held);
        gauge("hubbub_handshakes_refused", "handshakes refused before the upgrade", stats.refusedHandshakes::sum);
        gauge("hubbub_draining", "whether this node drains", () -> cluster.isEnding() ? 1 : 0);
        gauge("hubbub_cluster_up", "whether what the nodes share is there", () -> cluster.isHere() ? 1 : 0);
        gauge("hubbub_cluster_reconnects", "times that it came back", cluster.reconnects::sum);
        gauge("hubbub_cluster_requests", "requests made of it", cluster.requests::sum);
        gauge("hubbub_cluster_failures", "requests that failed", cluster.failures::sum);
        gauge("hubbub_cluster_overfull", "publishes refused since too many waited for it", cluster.overfull::sum);
        gauge(
                "hubbub_cluster_late_joins",
                "joins refused since their turn did not come in time",
                cluster.lateJoins::sum);
        gauge("hubbub_cluster_full_joins", "joins refused since no more rooms can be had", cluster.fullJoins::sum);
        gauge("hubbub_cluster_masters_away", "masters that do not answer", cluster::partsAway);
        gauge("hubbub_cluster_filled", "messages missed on the way and read back", cluster.filled::sum);
        gauge("hubbub_cluster_renewed", "rooms numbered anew since messages were lost", cluster.renewed::sum);
        gauge("hubbub_cluster_garbage", "what could not be read of what came under our names", cluster.garbage::sum);
        gauge("hubbub_events_lost", "events that observers did not hear", hooks.unheard::sum);
        gauge("hubbub_webhook_delivered", "events that the webhook took", hooks.delivered::sum);
        gauge("hubbub_webhook_failed", "requests that the webhook did not take", hooks.failed::sum);
        gauge("hubbub_webhook_lost", "events for the webhook that were lost", outbox::lost);
        for (Refusals.Reason reason : Refusals.Reason.values()) {
            registry.gauge(
                    Metadata.builder()
                            .withName("hubbub_refused")
                            .withDescription("what was refused, by reason")
                            .build(),
                    () -> refusals.count(reason),
                    new Tag("reason", reason.name().toLowerCase(Locale.ROOT)));
        }
        for (CloseCode code : CloseCode.values()) {
            registry.gauge(
                    Metadata.builder()
                            .withName("hubbub_closed")
                            .withDescription("connections ended, by close code")
                            .build(),
                    () -> stats.closed(code),
                    new Tag("code", Integer.toString(code.code())),
                    new Tag("reason", code.name().toLowerCase(Locale.ROOT)));
        }
        publishBean();
    }

    private void gauge(String name, String description, Supplier<? extends Number> value) {
        registry.gauge(
                Metadata.builder().withName(name).withDescription(description).build(), value::get);
    }

    private void publishBean() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName name = new ObjectName(BEAN);
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
            server.registerMBean(new StandardMBean(this, NodeMXBean.class, true), name);
        } catch (JMException e) {
            throw new IllegalStateException("no JMX bean", e);
        }
    }

    @PreDestroy
    void retractBean() {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(BEAN));
        } catch (JMException e) {
            // another deployment's bean stands there now
        }
    }

    @Override
    public long getConnections() {
        return sessions.count();
    }

    @Override
    public long getRooms() {
        return rooms.count();
    }

    @Override
    public long getLogBytes() {
        return budget.held();
    }

    @Override
    public long getMessagesIn() {
        return stats.messagesIn.sum();
    }

    @Override
    public long getMessagesPublished() {
        return stats.published.sum();
    }

    @Override
    public long getBytesOut() {
        return stats.bytes.sum();
    }
}
