package dev.hubbub.websocket;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.server.ServerEndpointConfig;

/**
 * Makes endpoints with what they need in their constructors. Only one bean is looked up, a singleton, so nothing is kept
 * per connection.
 */
public class EndpointFactory extends ServerEndpointConfig.Configurator {
    @Override
    public <T> T getEndpointInstance(Class<T> type) {
        return type.cast(new RoomEndpoint(CDI.current().select(Gateway.class).get()));
    }
}
