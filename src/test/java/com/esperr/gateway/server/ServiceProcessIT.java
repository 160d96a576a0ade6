package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.client.BeaconEvent;
import com.esperr.client.BeaconReceipt;
import com.esperr.client.EsperApiException;
import com.esperr.client.EsperClient;
import com.esperr.client.MitigationAction;
import com.esperr.client.MitigationRequest;
import com.esperr.client.MitigationResult;
import com.esperr.client.VisitorRequest;
import com.esperr.gateway.keys.KeyFile;
import com.esperr.gateway.keys.NewKey;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as it is installed, in a process of its own, and what becomes of those who use it when it dies. */
class ServiceProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private NewKey key;

    @BeforeEach
    void configure() throws IOException {
        key = NewKey.random("shop", null, "2026-11-21T00:00:00Z");
        new KeyFile(directory.resolve("keys.jsonl")).add(key.entry());
        Files.writeString(directory.resolve("policies.conf"), TestService.POLICIES);
        Files.writeString(
                directory.resolve("server.conf"),
                "server { keys-file = \"%1$s/keys.jsonl\", feed.heartbeat = 300ms, tenants = [ { tenant_id = shop, policies = [\"%1$s/policies.conf\"], return-hosts = [shop.test] } ] }"
                        .formatted(directory));
    }

    private GatewayProcess service(int port) {
        return GatewayProcess.start(
                "server",
                "--config",
                directory.resolve("server.conf").toString(),
                "--set",
                "server.address=127.0.0.1:" + port,
                "--admin",
                "127.0.0.1:0");
    }

    private Map<String, String> gateway(TestOrigin origin, int port, String mode) {
        return new HashMap<>(Map.of(
                "origin.url",
                "http://127.0.0.1:" + origin.port(),
                "mode",
                mode,
                "esper.api-url",
                "http://127.0.0.1:" + port,
                "esper.api-key",
                key.text(),
                "esper.breaker.pause",
                "100ms",
                "decision.timeout",
                "2s",
                "hybrid.feed",
                "pushed",
                "hybrid.on-miss",
                "allow"));
    }

    private static int visit(TestGateway gateway, String agent) {
        return RawClient.exchange(
                        gateway.port(), "GET / HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: " + agent + "\r\n\r\n")
                .status();
    }

    private EsperClient client(int port) {
        return EsperClient.builder()
                .apiKey(key.text())
                .apiUrl("http://127.0.0.1:" + port)
                .source("shop")
                .tenantId("shop")
                .build();
    }

    private static VisitorRequest visitor(String path, String agent) {
        return VisitorRequest.builder("GET", path)
                .clientIp("127.0.0.1")
                .userAgent(agent)
                .build();
    }

    @Test
    void aGatewayThatAsksFollowsTheFailureTableWhileTheServiceIsDeadAndRecovers() {
        try (TestOrigin origin = TestOrigin.start();
                GatewayProcess first = service(0)) {
            int port = first.port();
            try (TestGateway gateway = TestGateway.start(gateway(origin, port, "cloud"))) {
                assertThat(visit(gateway, "badbot")).isEqualTo(403);
                assertThat(visit(gateway, "curl/8")).isEqualTo(200);
                first.kill();
                assertThat(visit(gateway, "badbot")).isEqualTo(200);
                assertThat(gateway.metrics().sum("esper_fail_open_total")).isPositive();
                try (GatewayProcess second = service(port)) {
                    assertThat(second.port()).isEqualTo(port);
                    await().atMost(PATIENCE).until(() -> visit(gateway, "badbot") == 403);
                }
            }
        }
    }

    @Test
    void aGatewayThatFollowsKeepsWhatItWasToldWhileTheServiceIsDeadAndHearsOfTheNextOne() {
        try (TestOrigin origin = TestOrigin.start();
                GatewayProcess first = service(0)) {
            int port = first.port();
            try (TestGateway gateway = TestGateway.start(gateway(origin, port, "hybrid"));
                    EsperClient client = client(port)) {
                await().atMost(PATIENCE).until(() -> gateway.readiness() == 200);
                client.sendBeaconEvent(BeaconEvent.builder()
                        .request(visitor("/trap", "curl/8"))
                        .field("probe", "1")
                        .build());
                await().atMost(PATIENCE).until(() -> visit(gateway, "curl/8") == 403);
                first.kill();
                await().atMost(PATIENCE).until(() -> gateway.readiness() == 503);
                assertThat(visit(gateway, "curl/8")).isEqualTo(403);
                try (GatewayProcess second = service(port)) {
                    assertThat(second.port()).isEqualTo(port);
                    // Its memory died with it: nobody is blocked any more, until he is again.
                    await().atMost(PATIENCE).until(() -> visit(gateway, "curl/8") == 200);
                }
            }
        }
    }

    @Test
    void theClientForApplicationsIsAnswered() {
        try (GatewayProcess service = service(0);
                EsperClient client = client(service.port())) {
            assertThat(ask(client, "/basket", "curl/8").action()).isEqualTo(MitigationAction.Allow);
            assertThat(ask(client, "/basket", "badbot").action()).isEqualTo(MitigationAction.Block);
            MitigationResult challenge = ask(client, "/login", "curl/8");
            assertThat(challenge.action()).isEqualTo(MitigationAction.Challenge);
            assertThat(String.valueOf(challenge.redirectUrl())).contains("/challenge/");
            BeaconReceipt receipt = client.sendBeaconEvent(BeaconEvent.builder()
                    .request(visitor("/trap", "curl/8"))
                    .field("probe", "1")
                    .build());
            assertThat(String.valueOf(receipt.itemId())).isNotEmpty();
            assertThat(ask(client, "/basket", "curl/8").action()).isEqualTo(MitigationAction.Block);
            assertThat(client.verifyChallenge("forged").valid()).isFalse();
        }
    }

    @Test
    void theClientForApplicationsIsToldWhatIsWrong() {
        try (GatewayProcess service = service(0);
                EsperClient client = EsperClient.builder()
                        .apiKey("esk_000000000000_wrong")
                        .apiUrl("http://127.0.0.1:" + service.port())
                        .source("shop")
                        .tenantId("shop")
                        .build()) {
            Assertions.assertThatThrownBy(() -> ask(client, "/", "curl/8")).isInstanceOf(EsperApiException.class);
        }
    }

    private static MitigationResult ask(EsperClient client, String path, String agent) {
        return client.checkMitigation(MitigationRequest.builder(visitor(path, agent), "https://shop.test" + path)
                .field("probe", "1")
                .build());
    }
}
