package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What the chart renders for a file of values, read as Kubernetes would read it. Immutable. */
record Manifests(String text, List<HasMetadata> all) {
    static final Path CHART = Path.of("charts/esper-gateway");
    static final String NEW = "1.34.0";

    /** Aborts a test where there is no Helm to run. */
    static void requireHelm() {
        String platform = System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + System.getProperty("os.arch");
        assumeTrue(platform.equals("linux-amd64"), "no Helm library for " + platform);
    }

    /** The sets of values that come with the chart. */
    static List<Path> valueSets() {
        return files(CHART.resolve("ci"));
    }

    static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Manifests of(Path values) {
        return of(values, NEW, Map.of());
    }

    /** One of the sets that come with the chart, by its name. */
    static Manifests of(String name, Map<String, ?> changes) {
        return of(CHART.resolve("ci/" + name + "-values.yaml"), NEW, changes);
    }

    static Manifests of(Path values, String kubernetes, Map<String, ?> changes) {
        String text = command(values, kubernetes, changes).call();
        return new Manifests(text, StrictKubernetes.read(text));
    }

    static TemplateCommand command(Path values, String kubernetes, Map<String, ?> changes) {
        TemplateCommand command = new Helm(CHART)
                .template()
                .withName("edge")
                .withNamespace("shop")
                .withKubeVersion(kubernetes)
                .withValuesFile(values);
        changes.forEach(command::set);
        return command;
    }

    <T extends HasMetadata> List<T> kind(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> T named(Class<T> type, String name) {
        List<T> found = kind(type).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .toList();
        assertThat(found).as("%s %s", type.getSimpleName(), name).hasSize(1);
        return found.get(0);
    }

    Deployment deployment() {
        return named(Deployment.class, "edge-esper-gateway");
    }

    Service service() {
        return named(Service.class, "edge-esper-gateway");
    }

    PodSpec pod() {
        return deployment().getSpec().getTemplate().getSpec();
    }

    /** The gateway, or the decision service, wherever in the pod it stands. */
    Container gateway() {
        return container("gateway");
    }

    Container container(String name) {
        return Stream.concat(pod().getInitContainers().stream(), pod().getContainers().stream())
                .filter(container -> container.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    String configuration() {
        return named(ConfigMap.class, "edge-esper-gateway").getData().get("gateway.conf");
    }

    /** The files of policies by name; none if there is no such ConfigMap. */
    Map<String, String> policies() {
        return kind(ConfigMap.class).stream()
                .filter(map -> map.getMetadata().getName().equals("edge-esper-gateway-policies"))
                .findFirst()
                .map(ConfigMap::getData)
                .orElse(Map.of());
    }
}
