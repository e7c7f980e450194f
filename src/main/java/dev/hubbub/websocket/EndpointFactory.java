package dev.hubbub.websocket;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes endpoints with what they need in their constructors. Only one bean is looked up, a singleton, so nothing is kept
 * per connection.
 */
public class EndpointFactory extends ServerEndpointConfig.Configurator {
    @Override
    public <T> T getEndpointInstance(Class<T> type) {
        return type.cast(new RoomEndpoint(gateway()));
    }

    private static Gateway gateway() {
        return CDI.current().select(Gateway.class).get();
    }

    /** What the client negotiates, and within the server the gate where frames are shared. */
    @Override
    public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
        List<Extension> negotiated = super.getNegotiatedExtensions(installed, requested);
        if (!gateway().sharesFrames()) {
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
