package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.FreePort;
import com.esperr.gateway.testkit.NodePlatform;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway inside a Lambda function, started by the bridge and reached through its handler. */
class LambdaBridgeNodeIT {
    @TempDir
    private Path directory;

    private NodePlatform lambda(TestOrigin origin) throws IOException {
        int port = FreePort.next();
        String command = String.join(
                " ",
                "exec",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of(System.getProperty("gateway.jar", "target/esper-gateway.jar"))
                        .toString(),
                "run --config docs/platforms/aws-lambda/gateway.conf --origin",
                origin.url(),
                "--listen 127.0.0.1:" + port,
                "--admin 127.0.0.1:0 --set policies.path=conf/policies/demo.conf");
        return NodePlatform.start(
                "aws-bridge",
                directory,
                Map.of("aws-lambda/bridge.mjs", "bridge.mjs"),
                "http://127.0.0.1:1",
                Map.of("GATEWAY_COMMAND", command, "GATEWAY_PORT", Integer.toString(port)));
    }

    @Test
    void eachEventGoesThroughTheGatewayWithTheVisitorsAddress() throws IOException {
        try (TestOrigin origin = TestOrigin.start();
                NodePlatform lambda = lambda(origin)) {
            origin.on("/echo", Behaviours.echo());
            Browser browser = Browser.at(lambda.port());
            assertThat(browser.ask("GET", "/a%20b?c=%2f", "X-Lambda-Source-Ip: 192.0.2.66")
                            .bodyText())
                    .isEqualTo("GET /a%20b?c=%2f\n");
            assertThat(origin.onlyRequest().header("cookie")).isEqualTo("sid=1");
            assertThat(browser.submit("/echo", "text/plain", "shoes").bodyText())
                    .contains("shoes");
            assertThat(browser.with("badbot", "198.51.100.9").visit("/").status())
                    .isEqualTo(403);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(lambda.lines())
                            .anyMatch(line -> line.contains("\"client\":\"198.51.100.23\""))
                            .anyMatch(line -> line.contains("\"client\":\"198.51.100.9\"")));
            assertThat(lambda.lines()).noneMatch(line -> line.contains("\"client\":\"192.0.2.66\""));
        }
    }

    @Test
    void theGatewayEndsWithTheFunction() throws IOException {
        List<ProcessHandle> started;
        try (TestOrigin origin = TestOrigin.start();
                NodePlatform lambda = lambda(origin)) {
            assertThat(Browser.at(lambda.port()).visit("/").status()).isEqualTo(200);
            started = lambda.started();
            assertThat(started).isNotEmpty();
            lambda.terminate();
            await().until(() -> started.stream().noneMatch(ProcessHandle::isAlive));
        }
    }
}
