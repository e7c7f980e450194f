package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Directory;
import dev.hubbub.cluster.Nodes;
import dev.hubbub.config.Settings;
import dev.hubbub.support.RedisServer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.awaitility.Awaitility;

/** What a node has of the others over Redis: it is listed, and asks and answers. */
final class DirectoryNode implements AutoCloseable {
    final ClusterHealth health = new ClusterHealth(Clock.systemUTC());
    final RedisLink link;
    final RoomChannels channels;
    final Calls calls;
    final RedisNodes nodes;
    final RedisDirectory directory;

    final RedisLastSeen lastSeen;

    DirectoryNode(RedisServer server) {
        this(Map.of("hubbub.redis", server.url()));
    }

    /** A node that is told of Redis by a file. */
    DirectoryNode(Path yaml) {
        this(Map.of("hubbub.redis.config", yaml.toString()));
    }

    private DirectoryNode(Map<String, String> options) {
        Settings settings = Settings.of(options);
        link = new RedisLink(settings, health);
        channels = new RoomChannels(link, health, Clock.systemUTC());
        calls = new Calls(link, channels);
        nodes = new RedisNodes(link, calls);
        directory = new RedisDirectory(link, calls, nodes);
        lastSeen = new RedisLastSeen(link, channels, settings, Clock.systemUTC());
        nodes.begin();
        Awaitility.await().until(link::isHere);
    }

    /** Has it listed, with what it has. */
    DirectoryNode tell(String name, Directory.Local local) {
        directory.tell(local);
        nodes.tell(() -> new Nodes.Node(name, 1, 1, false));
        Awaitility.await()
                .until(() -> PresenceNode.get(nodes.list()).stream()
                        .anyMatch(n -> n.name().equals(name)));
        return this;
    }

    /** It dies: it stays listed for some seconds. */
    @Override
    public void close() {
        directory.stop();
        link.close();
    }
}
