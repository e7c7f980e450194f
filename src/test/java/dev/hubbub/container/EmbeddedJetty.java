package dev.hubbub.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.ee11.cdi.CdiDecoratingListener;
import org.eclipse.jetty.ee11.cdi.CdiServletContainerInitializer;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.Callback;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.container.LifecycleException;
import org.jboss.arquillian.container.spi.client.protocol.ProtocolDescription;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.container.spi.client.protocol.metadata.Servlet;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;

/**
 * Jetty within the tests' JVM. Libraries come from the tests' class path, the server's own classes from the archive; an
 * archive of any other name than ROOT.war gets a context path.
 */
public class EmbeddedJetty implements DeployableContainer<JettyConfiguration> {
    private static final String HOST = "127.0.0.1";

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final ContextHandlerCollection contexts = new ContextHandlerCollection(true);
    private final Map<String, WebAppContext> deployed = new HashMap<>();

    @Override
    public Class<JettyConfiguration> getConfigurationClass() {
        return JettyConfiguration.class;
    }

    @Override
    public void setup(JettyConfiguration configuration) {
        connector.setHost(HOST);
        connector.setPort(configuration.getPort());
        server.addConnector(connector);
        server.setHandler(contexts);
    }

    @Override
    public ProtocolDescription getDefaultProtocol() {
        return new ProtocolDescription("Servlet 5.0");
    }

    @Override
    public void start() throws LifecycleException {
        try {
            server.start();
        } catch (Exception e) {
            throw new LifecycleException("Jetty does not start", e);
        }
    }

    @Override
    public void stop() throws LifecycleException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new LifecycleException("Jetty does not stop", e);
        }
    }

    @Override
    public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        try {
            WebAppContext context = context(archive);
            Callback.Completable added = new Callback.Completable();
            contexts.deployHandler(context, added);
            added.get();
            context.start();
            deployed.put(archive.getName(), context);
            return metaData(context);
        } catch (Exception e) {
            throw new DeploymentException(archive.getName() + " cannot be deployed", e);
        }
    }

    private static WebAppContext context(Archive<?> archive) throws IOException {
        Path war = Files.createTempFile("arquillian-", ".war");
        war.toFile().deleteOnExit();
        archive.as(ZipExporter.class).exportTo(war.toFile(), true);
        WebAppContext context = new WebAppContext();
        context.setWar(war.toString());
        String name = archive.getName().replaceFirst("\\.war$", "");
        context.setContextPath(name.equals("ROOT") ? "/" : "/" + name);
        context.setThrowUnavailableOnStartupException(true);
        // the archive brings JUnit, and the class path JUnit and jqwik: one of each
        context.getProtectedClassMatcher().add("org.junit.", "org.opentest4j.", "net.jqwik.");
        // what the module ee11-cdi does in a distribution
        context.setInitParameter(CdiServletContainerInitializer.CDI_INTEGRATION_ATTRIBUTE, CdiDecoratingListener.MODE);
        context.addServletContainerInitializer(new CdiServletContainerInitializer());
        return context;
    }

    private ProtocolMetaData metaData(WebAppContext context) {
        HTTPContext http = new HTTPContext(HOST, connector.getLocalPort());
        for (ServletHolder servlet : context.getServletHandler().getServlets()) {
            http.add(new Servlet(servlet.getName(), context.getContextPath()));
        }
        return new ProtocolMetaData().addContext(http);
    }

    @Override
    public void undeploy(Archive<?> archive) throws DeploymentException {
        WebAppContext context = deployed.remove(archive.getName());
        if (context == null) {
            return;
        }
        Callback.Completable removed = new Callback.Completable();
        contexts.undeployHandler(context, removed);
        try {
            removed.get();
        } catch (Exception e) {
            throw new DeploymentException(archive.getName() + " cannot be undeployed", e);
        }
    }
}
