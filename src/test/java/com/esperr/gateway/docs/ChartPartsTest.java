package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.admin.MetricsEndpoint;
import com.esperr.gateway.docs.StrictKubernetes.ServiceMonitor;
import com.esperr.gateway.telemetry.Metrics;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the chart makes besides pods, only where it is asked for, and that it fits them. */
class ChartPartsTest {
    private static Manifests least;
    private static Manifests available;

    @BeforeAll
    static void render() {
        Manifests.requireHelm();
        least = Manifests.of("gateway", Map.of());
        available = Manifests.of("available", Map.of());
    }

    private static Map<String, String> labels(Manifests manifests) {
        return manifests.deployment().getSpec().getTemplate().getMetadata().getLabels();
    }

    @Test
    void theLeastIsADeploymentAServiceAndAConfiguration() {
        assertThat(least.all()).hasSize(3);
        assertThat(least.deployment().getSpec().getReplicas()).isEqualTo(1);
    }

    @Test
    void theAutoscalerSaysHowManyPodsThereAreAndNobodyElse() {
        HorizontalPodAutoscaler scaler = available.named(HorizontalPodAutoscaler.class, "edge-esper-gateway");
        assertThat(available.deployment().getSpec().getReplicas()).isNull();
        assertThat(scaler.getSpec().getScaleTargetRef().getName())
                .isEqualTo(available.deployment().getMetadata().getName());
        assertThat(scaler.getSpec().getMinReplicas()).isEqualTo(3);
        assertThat(scaler.getSpec().getMaxReplicas()).isEqualTo(20);
        assertThat(available.gateway().getResources().getRequests()).containsKey("cpu");
    }

    @Test
    void besideAnApplicationOnlyTheGatewaysOwnLoadCounts() {
        Manifests sidecar = Manifests.of("sidecar", Map.of());
        assertThat(sidecar.named(HorizontalPodAutoscaler.class, "edge-esper-gateway")
                        .getSpec()
                        .getMetrics())
                .singleElement()
                .satisfies(metric -> assertThat(metric.getContainerResource().getContainer())
                        .isEqualTo(sidecar.gateway().getName()));
    }

    @Test
    void theBudgetIsForThePods() {
        PodDisruptionBudget budget = available.named(PodDisruptionBudget.class, "edge-esper-gateway");
        assertThat(labels(available))
                .containsAllEntriesOf(budget.getSpec().getSelector().getMatchLabels());
        assertThat(budget.getSpec().getMaxUnavailable().getStrVal()).isEqualTo("25%");
    }

    @Test
    void theNetworkPolicyOpensTheOperatorPortToNobodyWhoIsNotNamed() {
        NetworkPolicy policy = available.named(NetworkPolicy.class, "edge-esper-gateway");
        assertThat(labels(available))
                .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels());
        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getIngress())
                .hasSize(2)
                .allSatisfy(rule -> assertThat(rule.getFrom()).hasSize(1));
        NetworkPolicy closed = Manifests.of("gateway", Map.of("networkPolicy.enabled", true))
                .named(NetworkPolicy.class, "edge-esper-gateway");
        List<NetworkPolicyIngressRule> rules = closed.getSpec().getIngress();
        assertThat(rules)
                .singleElement()
                .satisfies(rule ->
                        assertThat(rule.getPorts().get(0).getPort().getStrVal()).isEqualTo("http"));
        assertThat(closed.getSpec().getPolicyTypes()).containsExactly("Ingress");
    }

    @Test
    void prometheusFindsThePodsAndThePathIsThere() {
        ServiceMonitor monitor = available.named(ServiceMonitor.class, "edge-esper-gateway");
        assertThat(monitor.getMetadata().getLabels()).containsEntry("release", "prometheus");
        Map<String, String> wanted = monitor.spec().selector().getMatchLabels();
        List<Service> found = available.kind(Service.class).stream()
                .filter(service -> service.getMetadata().getLabels().entrySet().containsAll(wanted.entrySet()))
                .toList();
        assertThat(found).singleElement().satisfies(service -> {
            assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
            assertThat(service.getSpec().getPorts().get(0).getName())
                    .isEqualTo(monitor.spec().endpoints().get(0).port());
        });
        try (Metrics metrics = new Metrics()) {
            assertThat(monitor.spec().endpoints().get(0).path()).isEqualTo(new MetricsEndpoint(metrics).path());
        }
    }

    @Test
    void theRedisOfTheChartIsReachedByItsPodsOnly() {
        Manifests shared = Manifests.of("redis", Map.of());
        Deployment redis = shared.named(Deployment.class, "edge-esper-gateway-redis");
        Service service = shared.named(Service.class, "edge-esper-gateway-redis");
        assertThat(shared.configuration())
                .contains(
                        "\"store\": \"redis\"",
                        "redis://" + service.getMetadata().getName() + ":6379");
        NetworkPolicy policy = shared.named(NetworkPolicy.class, "edge-esper-gateway-redis");
        assertThat(redis.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels());
        assertThat(labels(shared))
                .containsAllEntriesOf(policy.getSpec()
                        .getIngress()
                        .get(0)
                        .getFrom()
                        .get(0)
                        .getPodSelector()
                        .getMatchLabels());
        assertThat(shared.service().getSpec().getSelector())
                .doesNotContainEntry("app.kubernetes.io/component", "redis");
    }

    @Test
    void aDigestWinsOverATag() {
        assertThat(Manifests.of("placed", Map.of()).gateway().getImage())
                .startsWith("registry.example/esper-gateway@sha256:");
        assertThat(least.gateway().getImage()).isEqualTo("esper-gateway:0.1.0");
    }
}
