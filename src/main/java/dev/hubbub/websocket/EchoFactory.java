package dev.hubbub.websocket;

import dev.hubbub.access.Echoes;
import jakarta.websocket.server.ServerEndpointConfig;
import org.jspecify.annotations.Nullable;

/** Makes echoes as {@link EndpointFactory} makes what clients of rooms talk to. Thread-safe. */
public class EchoFactory extends ServerEndpointConfig.Configurator {
    private volatile @Nullable Echoes echoes;

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
        Echoes known = echoes;
        if (known == null) {
            known = EndpointFactory.only(Echoes.class);
            echoes = known;
        }
        return type.cast(new EchoEndpoint(known));
    }
}
