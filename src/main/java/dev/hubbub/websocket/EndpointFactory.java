package dev.hubbub.websocket;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes endpoints with what they need in their constructors. A bean is looked up only where it is a singleton, and only
 * once: nothing is kept per connection, and Weld finds out who asks from a stack trace. Thread-safe.
 */
public class EndpointFactory extends ServerEndpointConfig.Configurator {
    private volatile @Nullable Gateway gateway;

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
        return type.cast(new RoomEndpoint(gateway()));
    }

    private Gateway gateway() {
        Gateway known = gateway;
        if (known == null) {
            known = only(Gateway.class);
            gateway = known;
        }
        return known;
    }

    /** A bean of which there is one; whoever asks keeps it. */
    static <T> T only(Class<T> type) {
        return CDI.current().select(type).get();
    }

    /** What the client negotiates, and within the server the gate. */
    @Override
    public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
        List<Extension> negotiated = super.getNegotiatedExtensions(installed, requested);
        if (!gateway().hasGates()) {
            return negotiated;
        }
        List<Extension> all = new ArrayList<>(negotiated);
        all.add(GATE);
        return all;
    }

    private static final Extension GATE = new Extension() {
        @Override
        public String getName() {
            return WriteGate.NAME;
        }

        @Override
        public List<Parameter> getParameters() {
            return List.of();
        }
    };
}
