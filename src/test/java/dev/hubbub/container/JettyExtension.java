package dev.hubbub.container;

import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.test.spi.client.deployment.AuxiliaryArchiveAppender;
import org.jboss.arquillian.core.spi.LoadableExtension;

/** Named in META-INF/services, by which Arquillian finds the adapter. */
public class JettyExtension implements LoadableExtension {
    @Override
    public void register(ExtensionBuilder builder) {
        builder.service(DeployableContainer.class, EmbeddedJetty.class)
                .service(AuxiliaryArchiveAppender.class, BeanManagerAppender.class);
    }
}
