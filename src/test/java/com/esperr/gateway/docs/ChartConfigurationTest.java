package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.cli.GatewayCommand;
import com.esperr.gateway.config.Alias;
import com.esperr.gateway.config.KeyCatalogue;
import com.esperr.gateway.testkit.Certificates;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart puts into a ConfigMap is read by the very command that would run with it, with what the container mounts. */
class ChartConfigurationTest {
    private static final String ETC = "/etc/esper-gateway";
    private static final Map<String, String> SECRETS = Map.of(
            "ESPER_API_KEY",
            "esk_0123456789abcdef",
            "ESPER_CHALLENGE_PASS_KEY",
            "0123456789abcdef".repeat(4),
            "ESPER_CHALLENGE_PASS_PREVIOUS_KEY",
            "123456789abcdef0".repeat(4),
            "ESPER_FORWARD_ATTESTATION_KEY",
            "23456789abcdef01".repeat(4),
            "ESPER_STATE_REDIS_PASSWORD",
            "password-of-redis",
            "TURNSTILE_SECRET_KEY",
            "1x0000000000000000000000000000000AA");

    @TempDir
    private Path mounted;

    @BeforeAll
    static void helm() {
        Manifests.requireHelm();
    }

    static List<Path> valueSets() {
        return Manifests.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void isWhatCheckTakes(Path values) throws IOException {
        Manifests manifests = Manifests.of(values);
        Container gateway = manifests.gateway();
        mount(manifests, gateway);
        Path file = Files.writeString(mounted.resolve("gateway.conf"), here(manifests.configuration()));
        List<String> command = new ArrayList<>(List.of("check", "--config", file.toString()));
        if (gateway.getArgs().contains("server")) {
            command.add("--server");
        }
        command.addAll(settings(gateway));
        assertThat(GatewayCommand.execute(command.toArray(String[]::new)))
                .as(manifests.configuration())
                .isZero();
        String said = manifests.configuration();
        assertThat(said).doesNotContain(SECRETS.values().toArray(String[]::new));
    }

    /** Every path that the configuration names is in something that is mounted. */
    @ParameterizedTest
    @MethodSource("valueSets")
    void namesNoFileThatIsNotMounted(Path values) {
        Manifests manifests = Manifests.of(values);
        List<String> mounts = manifests.gateway().getVolumeMounts().stream()
                .map(VolumeMount::getMountPath)
                .toList();
        Stream.of(manifests.configuration().split("\""))
                .filter(text -> text.startsWith("/etc/"))
                .forEach(file -> assertThat(mounts).anyMatch(file::startsWith));
        String config = manifests.gateway().getEnv().stream()
                .filter(variable -> variable.getName().equals("ESPER_CONFIG"))
                .findFirst()
                .map(EnvVar::getValue)
                .orElseThrow();
        assertThat(mounts).anyMatch(config::startsWith);
    }

    private String here(String text) {
        return text.replace(ETC, mounted.toString()).replace("/etc/partner", mounted.toString());
    }

    /** As the kubelet does it: files are links into a directory that changes as a whole. */
    private void mount(Manifests manifests, Container gateway) throws IOException {
        Set<String> mounts =
                gateway.getVolumeMounts().stream().map(VolumeMount::getName).collect(Collectors.toSet());
        assertThat(mounts.contains("policies")).isEqualTo(!manifests.policies().isEmpty());
        Path policies = Files.createDirectories(mounted.resolve("policies"));
        Path version = Files.createDirectory(policies.resolve("..2026_11_21_00_00_00.1"));
        Files.createSymbolicLink(policies.resolve("..data"), version.getFileName());
        for (Map.Entry<String, String> policy : manifests.policies().entrySet()) {
            Files.writeString(version.resolve(policy.getKey()), policy.getValue());
            Files.createSymbolicLink(policies.resolve(policy.getKey()), Path.of("..data", policy.getKey()));
        }
        if (mounts.contains("tls")) {
            Path tls = Files.createDirectories(mounted.resolve("tls"));
            X509Bundle site = Certificates.issued(Certificates.authority(), "shop.example");
            Certificates.chain(site, tls.resolve("tls.crt"));
            Certificates.key(site, tls.resolve("tls.key"));
        }
        if (mounts.contains("api-keys")) {
            Files.writeString(
                    Files.createDirectories(mounted.resolve("api-keys")).resolve("keys.jsonl"), "");
        }
        Files.writeString(mounted.resolve("ranges.txt"), "198.51.100.0/24\n");
    }

    /** The environment of the container, each variable as the key that it sets. */
    private static List<String> settings(Container gateway) {
        Map<String, String> keys = KeyCatalogue.ofReference().entries().stream()
                .collect(Collectors.toMap(KeyCatalogue.Entry::environmentName, KeyCatalogue.Entry::key));
        GatewayConfig.aliases().forEach((Alias alias) -> keys.put(alias.name(), alias.path()));
        List<String> settings = new ArrayList<>();
        for (EnvVar variable : gateway.getEnv()) {
            if (!Set.of("ESPER_CONFIG", "JAVA_OPTS").contains(variable.getName())) {
                String value = variable.getValue() == null ? SECRETS.get(variable.getName()) : variable.getValue();
                assertThat(keys).containsKey(variable.getName());
                assertThat(value).as(variable.getName()).isNotNull();
                settings.add("--set");
                settings.add(keys.get(variable.getName()) + "=" + value);
            }
        }
        return settings;
    }
}
