package dev.hubbub.container;

import org.jboss.arquillian.container.spi.ConfigurationException;
import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;

/** From arquillian.xml. */
public class JettyConfiguration implements ContainerConfiguration {
    private int port;

    /** 0 is any free one. */
    public int getPort() {
        return port;
    }

    public void setPort(int port) {
        this.port = port;
    }

    @Override
    public void validate() throws ConfigurationException {
        if (port < 0 || port > 65_535) {
            throw new ConfigurationException("port: " + port + " is not within 0 to 65535");
        }
    }
}
