package dev.hubbub.container;

import org.jboss.arquillian.container.test.spi.RemoteLoadableExtension;
import org.jboss.arquillian.container.test.spi.client.deployment.AuxiliaryArchiveAppender;
import org.jboss.arquillian.core.api.InstanceProducer;
import org.jboss.arquillian.core.api.annotation.ApplicationScoped;
import org.jboss.arquillian.core.api.annotation.Inject;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jboss.arquillian.test.spi.event.suite.BeforeSuite;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.JavaArchive;

/** Puts a jar into the archive that gives Arquillian's CDI enricher the BeanManager; it would ask JNDI, of which Jetty has none. */
public class BeanManagerAppender implements AuxiliaryArchiveAppender {
    @Override
    public Archive<?> createAuxiliaryArchive() {
        return ShrinkWrap.create(JavaArchive.class, "arquillian-bean-manager.jar")
                .addClass(BeanManagerAppender.class)
                .addAsServiceProvider(RemoteLoadableExtension.class, Extension.class);
    }

    /** Loaded within the container. */
    public static class Extension implements RemoteLoadableExtension {
        @Override
        public void register(ExtensionBuilder builder) {
            builder.observer(Provider.class);
        }
    }

    /** Asks CDI, ahead of the enricher. */
    public static class Provider {
        @Inject
        @ApplicationScoped
        InstanceProducer<jakarta.enterprise.inject.spi.BeanManager> beanManager;

        public void provide(@Observes(precedence = 100) BeforeSuite event) {
            beanManager.set(jakarta.enterprise.inject.spi.CDI.current().getBeanManager());
        }
    }
}
