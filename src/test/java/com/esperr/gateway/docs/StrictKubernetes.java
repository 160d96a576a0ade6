package com.esperr.gateway.docs;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads manifests by Kubernetes' own model and refuses what that does not have, which an API server would drop with a warning that
 * nobody reads. Stateless.
 */
final class StrictKubernetes {
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1 ConfigMap", ConfigMap.class,
            "v1 Service", Service.class,
            "apps/v1 Deployment", Deployment.class,
            "autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
            "monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class);

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .annotationIntrospector(new WithoutAnySetters())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private StrictKubernetes() {}

    /** All objects in {@code manifests}; fails at the first field that does not exist or has another type. */
    static List<HasMetadata> read(String manifests) {
        List<HasMetadata> all = new ArrayList<>();
        for (String document : manifests.split("(?m)^---\\s*$")) {
            JsonNode tree = YAML.readTree(document);
            if (tree == null || !tree.isObject()) {
                continue;
            }
            String kind =
                    tree.path("apiVersion").asString() + " " + tree.path("kind").asString();
            Class<? extends HasMetadata> type = KINDS.get(kind);
            if (type == null) {
                throw new AssertionError("kind: " + kind + " (expected: one of " + KINDS.keySet() + ")");
            }
            all.add(YAML.treeToValue(tree, type));
        }
        return all;
    }

    /** The model keeps unknown fields in maps; without those it has to refuse them. */
    private static final class WithoutAnySetters extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
            return false;
        }
    }

    /** Of the Prometheus operator's resource as much as the chart uses; read as it stands, not by the kinds that the model knows. */
    @JsonDeserialize(using = ValueDeserializer.None.class)
    static final class ServiceMonitor implements HasMetadata {
        private static final long serialVersionUID = 1;

        @JsonProperty
        private String apiVersion;

        @JsonProperty
        private String kind;

        @JsonProperty
        private ObjectMeta metadata;

        @JsonProperty
        private Spec spec;

        /** What is scraped. */
        record Spec(LabelSelector selector, List<Endpoint> endpoints) {}

        /** How it is scraped. */
        record Endpoint(String port, String path, String interval, String scrapeTimeout) {}

        Spec spec() {
            return spec;
        }

        @Override
        public ObjectMeta getMetadata() {
            return metadata;
        }

        @Override
        public void setMetadata(ObjectMeta metadata) {
            this.metadata = metadata;
        }

        @Override
        public String getKind() {
            return kind;
        }

        @Override
        public String getApiVersion() {
            return apiVersion;
        }

        @Override
        public void setApiVersion(String version) {
            this.apiVersion = version;
        }
    }
}
