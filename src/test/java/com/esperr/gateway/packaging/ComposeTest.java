package com.esperr.gateway.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.cli.GatewayCommand;
import com.esperr.gateway.config.KeyCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The compose files name images of a version, files that are there, and a configuration that {@code check} takes. */
class ComposeTest {
    private static final Path DOCKER = Path.of("docker");
    private static final Set<String> KEYS = Set.of(
            "build",
            "image",
            "command",
            "environment",
            "ports",
            "expose",
            "volumes",
            "depends_on",
            "read_only",
            "tmpfs",
            "cap_drop",
            "security_opt",
            "mem_limit",
            "stop_grace_period",
            "restart",
            "user");
    private static final Map<String, String> ASKED_FOR =
            Map.of("PASS_KEY", "0123456789abcdef".repeat(4), "REDIS_PASSWORD", "password-of-redis");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(DOCKER)) {
            return files.filter(file -> file.getFileName().toString().matches("compose\\..*\\.yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, JsonNode> services(Path file) {
        Map<String, JsonNode> services = new HashMap<>();
        new YAMLMapper().readTree(file).path("services").properties().forEach(service -> {
            // Jackson leaves YAML's merge key as it stands, and what it leads to as text; here it is always the one
            // template.
            JsonNode own = service.getValue();
            services.put(service.getKey(), own.has("<<") ? merged(file, own) : own);
        });
        return services;
    }

    private static JsonNode merged(Path file, JsonNode own) {
        ObjectNode all =
                (ObjectNode) new YAMLMapper().readTree(file).path("x-gateway").deepCopy();
        own.properties().stream()
                .filter(member -> !member.getKey().equals("<<"))
                .forEach(member -> all.set(member.getKey(), member.getValue()));
        return all;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asString()));
        return texts;
    }

    @Test
    void thereIsOneForEachOccasion() throws IOException {
        assertThat(files())
                .extracting(file -> file.getFileName().toString())
                .contains(
                        "compose.demo.yaml", "compose.nginx.yaml", "compose.replicas.yaml", "compose.monitoring.yaml");
    }

    @ParameterizedTest
    @MethodSource("files")
    void servicesHaveKnownKeysImagesOfAVersionAndFriendsThatAreThere(Path file) {
        Map<String, JsonNode> services = services(file);
        services.forEach((name, service) -> {
            assertThat(service.properties()).extracting(Map.Entry::getKey).isSubsetOf(KEYS);
            assertThat(service.path("image").asString()).as(name).matches("[a-z/-]+:(?!latest)[\\w.-]+");
            assertThat(services.keySet()).containsAll(texts(service.path("depends_on")));
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatIsMountedIsThereAndNothingIsPublishedToTheWorld(Path file) {
        JsonNode volumes = new YAMLMapper().readTree(file).path("volumes");
        services(file).forEach((name, service) -> {
            for (String mount : texts(service.path("volumes"))) {
                String source = mount.split(":")[0];
                if (source.startsWith(".")) {
                    assertThat(DOCKER.resolve(source)).as(name).exists();
                    assertThat(mount).endsWith(":ro");
                } else {
                    assertThat(volumes.has(source)).as(mount).isTrue();
                }
            }
            assertThat(texts(service.path("ports"))).allMatch(port -> port.startsWith("127.0.0.1:"));
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void aGatewayHasNoRightsAndIsGivenTheTimeItNeedsToEnd(Path file) {
        gateways(file).forEach((name, gateway) -> {
            assertThat(gateway.path("read_only").asBoolean()).as(name).isTrue();
            assertThat(texts(gateway.path("cap_drop"))).containsExactly("ALL");
            assertThat(texts(gateway.path("security_opt"))).containsExactly("no-new-privileges:true");
            assertThat(gateway.path("build").path("dockerfile").asString()).isEqualTo("docker/Dockerfile");
            JsonNode environment = gateway.path("environment");
            int grace = seconds(environment.path("ESPER_SHUTDOWN_GRACE").asString("0s"));
            int drain = seconds(environment.path("ESPER_SHUTDOWN_DRAIN").asString("25s"));
            assertThat(seconds(gateway.path("stop_grace_period").asString())).isGreaterThanOrEqualTo(grace + drain + 5);
        });
    }

    private static int seconds(String text) {
        return Integer.parseInt(text.replace("s", ""));
    }

    @ParameterizedTest
    @MethodSource("files")
    void checkTakesTheConfigurationOfEveryGateway(Path file) {
        gateways(file).forEach((name, gateway) -> {
            List<String> command = new ArrayList<>(List.of("check"));
            command.addAll(settings(gateway));
            if (!texts(gateway.path("command")).isEmpty()) {
                assertThat(texts(gateway.path("command"))).containsExactly("demo");
                command.add("--origin=http://127.0.0.1:1");
            }
            assertThat(GatewayCommand.execute(command.toArray(String[]::new)))
                    .as(name)
                    .isZero();
        });
    }

    private static Map<String, JsonNode> gateways(Path file) {
        Map<String, JsonNode> gateways = new HashMap<>(services(file));
        gateways.values().removeIf(service -> !service.path("image").asString().startsWith("esper-gateway:"));
        assertThat(gateways).isNotEmpty();
        return gateways;
    }

    private static List<String> settings(JsonNode gateway) {
        Map<String, String> keys = new HashMap<>();
        KeyCatalogue.ofReference().entries().forEach(entry -> keys.put(entry.environmentName(), entry.key()));
        GatewayConfig.aliases().forEach(alias -> keys.put(alias.name(), alias.path()));
        List<String> settings = new ArrayList<>();
        gateway.path("environment").properties().forEach(variable -> {
            String value = variable.getValue().asString();
            for (Map.Entry<String, String> asked : ASKED_FOR.entrySet()) {
                value = value.replaceAll("\\$\\{" + asked.getKey() + ":\\?[^}]*}", asked.getValue());
            }
            if (!variable.getKey().equals("JAVA_OPTS")) {
                assertThat(keys).containsKey(variable.getKey());
                settings.add("--set");
                settings.add(keys.get(variable.getKey()) + "="
                        + value.replace("/etc/esper-gateway/policies", "conf/policies"));
            }
        });
        return settings;
    }

    @Test
    void prometheusAsksTheOperatorPortUnderANameThatIsAllowed() {
        JsonNode job = new YAMLMapper()
                .readTree(DOCKER.resolve("prometheus/prometheus.yml"))
                .path("scrape_configs")
                .path(0);
        assertThat(job.path("metrics_path").asString()).isEqualTo("/metrics");
        String target =
                job.path("static_configs").path(0).path("targets").path(0).asString();
        JsonNode gateway = services(DOCKER.resolve("compose.monitoring.yaml")).get("gateway");
        assertThat(target)
                .isEqualTo(gateway.path("environment")
                                .path("ESPER_ADMIN_ALLOWED_HOSTS")
                                .asString() + ":9901");
    }

    @Test
    void grafanaFindsDashboardsWhereTheyAreMountedAndTheirDataAtPrometheus() throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        String path = yaml.readTree(DOCKER.resolve("grafana/provisioning/dashboards/esper-gateway.yaml"))
                .path("providers")
                .path(0)
                .path("options")
                .path("path")
                .asString();
        JsonNode source = yaml.readTree(DOCKER.resolve("grafana/provisioning/datasources/prometheus.yaml"))
                .path("datasources")
                .path(0);
        assertThat(texts(services(DOCKER.resolve("compose.monitoring.yaml"))
                        .get("grafana")
                        .path("volumes")))
                .contains("./grafana/dashboards:" + path + ":ro");
        assertThat(source.path("url").asString()).isEqualTo("http://prometheus:9090");
        try (Stream<Path> dashboards = Files.list(DOCKER.resolve("grafana/dashboards"))) {
            for (Path dashboard : dashboards.toList()) {
                assertThat(Files.readString(dashboard))
                        .contains("\"uid\": \"" + source.path("uid").asString() + "\"");
            }
        }
    }
}
