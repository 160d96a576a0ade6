package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.esperr.gateway.boot.GatewayConfig;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartTest {
    private static final Path CHART = Path.of("charts/esper-gateway");

    @BeforeAll
    static void helmIsPublishedForThisPlatform() {
        String platform = System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + System.getProperty("os.arch");
        assumeTrue(platform.equals("linux-amd64"), "no Helm library for " + platform);
    }

    private static String render(UnaryOperator<TemplateCommand> values) {
        TemplateCommand command = new Helm(CHART).template().withName("edge").withKubeVersion("1.30.0");
        return values.apply(command.set("origin.url", "http://shop:3000")).call();
    }

    @Test
    void passesTheStrictLint() {
        LintResult result = new Helm(CHART).lint().strict().call();
        assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    }

    @Test
    void needsAnOrigin() {
        TemplateCommand withoutOrigin =
                new Helm(CHART).template().withName("edge").withKubeVersion("1.30.0");
        assertThatThrownBy(withoutOrigin::call).hasMessageContaining("origin.url: missing (expected: http(s)://HOST");
    }

    @Test
    void thePodOutlivesGraceAndDrain() {
        assertThat(render(chart -> chart)).contains("terminationGracePeriodSeconds: 40");
        assertThat(render(chart -> chart.set("shutdown.graceSeconds", 20).set("shutdown.drainSeconds", 100)))
                .contains("terminationGracePeriodSeconds: 125")
                .contains("name: ESPER_SHUTDOWN_GRACE\n              value: \"20s\"")
                .contains("name: ESPER_SHUTDOWN_DRAIN\n              value: \"100s\"");
    }

    @Test
    void probesAskTheOperatorPortWhichNoServiceExposes() {
        String manifests = render(chart -> chart);
        assertThat(manifests).contains("path: /healthz\n              port: admin");
        assertThat(manifests).contains("path: /readyz\n              port: admin");
        String service = document(manifests, "kind: Service\n");
        assertThat(service)
                .contains("targetPort: http")
                .doesNotContain("targetPort: admin")
                .doesNotContain("9901");
    }

    @Test
    void theContainerHasNoRights() {
        assertThat(render(chart -> chart))
                .contains("runAsNonRoot: true")
                .contains("readOnlyRootFilesystem: true")
                .contains("allowPrivilegeEscalation: false")
                .contains("drop: [\"ALL\"]")
                .contains("automountServiceAccountToken: false");
    }

    @Test
    void policiesAreMountedAndNamedOnlyIfThereAreSome() {
        assertThat(render(chart -> chart)).doesNotContain("ESPER_POLICIES_PATH");
        assertThat(render(chart -> chart.set("policies.shop\\.conf", "policies = []")))
                .contains("name: ESPER_POLICIES_PATH\n              value: /etc/esper-gateway/policies")
                .contains("shop.conf: policies = []");
    }

    @Test
    void aChangeOfTheConfigurationRollsThePods() {
        String before = line(render(chart -> chart), "checksum/config:");
        String after = line(render(chart -> chart.set("config", "limits.body = 1 MiB")), "checksum/config:");
        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void theKeyComesFromASecret() {
        assertThat(render(chart -> chart)).doesNotContain("ESPER_API_KEY");
        assertThat(render(chart -> chart.set("esper.existingSecret", "esper")))
                .contains("name: ESPER_API_KEY\n              valueFrom:\n                secretKeyRef:\n"
                        + "                  name: esper\n                  key: api-key");
    }

    @Test
    void theConfigurationItMountsIsValid(@TempDir Path directory) throws IOException {
        String mounted = document(render(chart -> chart), "gateway.conf: |");
        mounted = mounted.substring(mounted.indexOf("gateway.conf: |\n") + "gateway.conf: |\n".length());
        Path file = Files.writeString(directory.resolve("gateway.conf"), mounted.stripIndent());
        Map<String, String> environment = Map.of("ESPER_ORIGIN", "http://shop:3000", "ESPER_SHUTDOWN_GRACE", "10s");
        assertThat(GatewayConfig.load(file, environment, Map.of()).problems()).isEmpty();
    }

    private static String document(String manifests, String marker) {
        for (String document : manifests.split("\n---\n")) {
            if (document.contains(marker)) {
                return document;
            }
        }
        throw new AssertionError("no document with " + marker);
    }

    private static String line(String manifests, String marker) {
        return manifests
                .lines()
                .filter(line -> line.contains(marker))
                .findFirst()
                .orElseThrow();
    }
}
