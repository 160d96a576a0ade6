package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.admin.HealthEndpoint;
import com.esperr.gateway.admin.ReadinessEndpoint;
import com.esperr.gateway.admin.StartupEndpoint;
import com.esperr.gateway.cli.GatewayCommand;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the chart with every set of values that comes with it. */
class ChartTest {
    @BeforeAll
    static void helm() {
        Manifests.requireHelm();
    }

    static List<Path> valueSets() {
        return Manifests.valueSets();
    }

    @Test
    void passesTheStrictLint() {
        LintResult result = new Helm(Manifests.CHART).lint().strict().call();
        // Lint knows no values but the defaults, in which the one that every site has to say is empty.
        assertThat(result.getMessages()).noneMatch(message -> message.contains("[WARNING]"));
        assertThat(result.getMessages().stream()
                        .filter(message -> message.contains("[ERROR]"))
                        .toList())
                .allMatch(message -> message.contains("origin.url: missing"));
    }

    @Test
    void thereAreTenSetsOfValuesAtLeastAndAllWorkloads() {
        assertThat(valueSets()).hasSizeGreaterThanOrEqualTo(10);
        assertThat(valueSets().stream()
                        .map(Manifests::of)
                        .map(Manifests::deployment)
                        .map(deployment -> deployment.getMetadata().getLabels().get("app.kubernetes.io/component")))
                .contains("gateway", "sidecar", "classic-sidecar", "server");
    }

    @Test
    void theReaderOfManifestsFindsMistakes() {
        String good =
                Manifests.of(Manifests.CHART.resolve("ci/gateway-values.yaml")).text();
        for (String mistake : List.of(
                good.replaceFirst("replicas: 1", "replica: 1"),
                good.replaceFirst("periodSeconds: 1\n", "periodSecond: 1\n"),
                good.replaceFirst("readOnlyRootFilesystem", "readOnlyRootFileSystem"),
                good.replaceFirst("containerPort: 8080", "containerPort: http"))) {
            assertThat(mistake).isNotEqualTo(good);
            assertThatThrownBy(() -> StrictKubernetes.read(mistake)).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void theCommandsOfItsReadmeInstallSomething() {
        List<String> commands = Document.read(Manifests.CHART + "/README.md").blockLines("").stream()
                .filter(line -> line.startsWith("helm install edge charts/esper-gateway "))
                .toList();
        assertThat(commands).hasSize(2).allSatisfy(command -> {
            List<String> words = List.of(command.split(" "));
            Path values = words.contains("--values")
                    ? Path.of(words.get(words.indexOf("--values") + 1))
                    : Manifests.CHART.resolve("values.yaml");
            Map<String, String> changes = Stream.of(command.split(" --set "))
                    .skip(1)
                    .map(word -> word.replaceFirst(" .*", "").split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
            Manifests manifests = Manifests.of(values, Manifests.NEW, changes);
            assertThat(manifests.gateway().getImage()).startsWith("REGISTRY/esper-gateway:");
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void allObjectsBelongToTheRelease(Path values) {
        Manifests manifests = Manifests.of(values);
        assertThat(manifests.all()).hasSizeGreaterThanOrEqualTo(3).allSatisfy(object -> {
            assertThat(object.getMetadata().getName()).startsWith("edge-esper-gateway");
            assertThat(object.getMetadata().getLabels())
                    .containsEntry("app.kubernetes.io/name", "esper-gateway")
                    .containsEntry("app.kubernetes.io/instance", "edge")
                    .containsKeys("app.kubernetes.io/component", "app.kubernetes.io/version", "helm.sh/chart");
        });
        assertThat(manifests.all().stream().map(ChartTest::name)).doesNotHaveDuplicates();
    }

    private static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void podsOfEveryDeploymentAreSelectedAndHaveWhatTheyMount(Path values) {
        for (Deployment deployment : Manifests.of(values).kind(Deployment.class)) {
            assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                    .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
            PodSpec pod = deployment.getSpec().getTemplate().getSpec();
            List<String> volumes =
                    pod.getVolumes().stream().map(Volume::getName).toList();
            assertThat(volumes).doesNotHaveDuplicates();
            containers(pod)
                    .forEach(container -> assertThat(
                                    container.getVolumeMounts().stream().map(VolumeMount::getName))
                            .isSubsetOf(volumes));
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void servicesLeadToPortsOfPodsTheySelectAndOnlyTheOneForPrometheusToTheOperatorPort(Path values) {
        Manifests manifests = Manifests.of(values);
        for (Service service : manifests.kind(Service.class)) {
            List<Deployment> behind = manifests.kind(Deployment.class).stream()
                    .filter(deployment -> deployment
                            .getSpec()
                            .getTemplate()
                            .getMetadata()
                            .getLabels()
                            .entrySet()
                            .containsAll(service.getSpec().getSelector().entrySet()))
                    .toList();
            assertThat(behind).as(service.getMetadata().getName()).hasSize(1);
            List<String> ports = containers(
                            behind.get(0).getSpec().getTemplate().getSpec())
                    .flatMap(container -> container.getPorts().stream())
                    .map(ContainerPort::getName)
                    .toList();
            for (ServicePort port : service.getSpec().getPorts()) {
                assertThat(ports).contains(port.getTargetPort().getStrVal());
                assertThat(port.getTargetPort().getStrVal().equals("admin"))
                        .isEqualTo(service.getMetadata().getName().endsWith("-metrics"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void whatProbesAskForIsThereAndWhatIsRunIsACommand(Path values) {
        Container gateway = Manifests.of(values).gateway();
        assertThat(gateway.getStartupProbe().getHttpGet().getPath()).isEqualTo(new StartupEndpoint().path());
        assertThat(gateway.getLivenessProbe().getHttpGet().getPath()).isEqualTo(new HealthEndpoint().path());
        assertThat(gateway.getReadinessProbe().getHttpGet().getPath())
                .isIn(new ReadinessEndpoint(List::of).path(), new HealthEndpoint().path());
        Stream.of(gateway.getStartupProbe(), gateway.getLivenessProbe(), gateway.getReadinessProbe())
                .forEach(probe ->
                        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("admin"));
        assertThat(gateway.getArgs()).hasSize(1);
        assertThat(GatewayCommand.execute(gateway.getArgs().get(0), "--help")).isZero();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void noContainerHasRightsOrAWritableRoot(Path values) {
        for (Deployment deployment : Manifests.of(values).kind(Deployment.class)) {
            PodSpec pod = deployment.getSpec().getTemplate().getSpec();
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getEnableServiceLinks()).isFalse();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            containers(pod).forEach(container -> {
                assertThat(container.getSecurityContext().getRunAsNonRoot()).isTrue();
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
                if (!container.getName().equals("application")) {
                    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                            .isTrue();
                    assertThat(container.getSecurityContext().getRunAsUser()).isPositive();
                    assertThat(container.getResources().getLimits()).containsKey("memory");
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void whatIsNamedLikeASecretComesFromOne(Path values) {
        for (Deployment deployment : Manifests.of(values).kind(Deployment.class)) {
            containers(deployment.getSpec().getTemplate().getSpec())
                    .flatMap(container -> container.getEnv().stream())
                    .filter(variable -> variable.getName().matches(".*(?<!_SITE)_KEY|.*PASSWORD.*|.*SECRET.*"))
                    .map(EnvVar::getValueFrom)
                    .forEach(source ->
                            assertThat(source.getSecretKeyRef().getName()).isNotEmpty());
        }
    }

    private static Stream<Container> containers(PodSpec pod) {
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream());
    }

    @Test
    void aChangeOfTheConfigurationRollsThePodsAndOneOfThePoliciesDoesNot() {
        String before = checksum(Manifests.of("policies", Map.of()));
        assertThat(checksum(Manifests.of("policies", Map.of("config.limits.body", "1MiB"))))
                .isNotEqualTo(before);
        assertThat(checksum(Manifests.of("policies", Map.of("policies.shop\\.conf", "policies = []"))))
                .isEqualTo(before);
    }

    private static String checksum(Manifests manifests) {
        return manifests
                .deployment()
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get("checksum/config");
    }
}
