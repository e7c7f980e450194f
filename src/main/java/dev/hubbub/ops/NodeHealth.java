package dev.hubbub.ops;

import dev.hubbub.session.NodeName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** A single node is ready as soon as it answers: it needs nobody else. */
@Liveness
@Readiness
@Startup
@ApplicationScoped
public class NodeHealth implements HealthCheck {
    @Inject
    NodeName node;

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("node")
                .up()
                .withData("node", node.value())
                .build();
    }
}
