package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that are not there, go and come back: what a visitor is told meanwhile, what readiness says, and that both recover. */
class RecoveryIT {

    private static final String GET = "GET /page HTTP/1.1\r\nHost: gw.test\r\nAccept: application/json\r\n\r\n";

    private final TestOrigin origin = TestOrigin.start();
    private final TestEsper esper = TestEsper.start();

    @AfterEach
    void stop() {
        esper.close();
        origin.close();
    }

    @Test
    void anOriginThatIsNotThereYetIs502AndServesAsSoonAsItIs() {
        origin.stop();
        try (TestGateway gateway = TestGateway.start(Map.of("origin.url", origin.url()))) {
            RawResponse response = RawClient.exchange(gateway.port(), GET);
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.bodyText()).contains(response.headers().only("esper-reference"));
            assertThat(response.header("cache-control")).isEqualTo("no-store");
            patiently().until(() -> gateway.readiness() == 503);
            origin.restart();
            assertThat(RawClient.exchange(gateway.port(), GET).status()).isEqualTo(200);
            patiently().until(() -> gateway.readiness() == 200);
        }
    }

    @Test
    void aKeptConnectionSurvivesAnOriginThatIsAway() {
        try (TestGateway gateway = TestGateway.start(Map.of("origin.url", origin.url()));
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            origin.stop();
            assertThat(client.send(GET).readResponse().status()).isEqualTo(502);
            assertThat(client.send("POST / HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 5\r\n\r\nhello")
                            .readResponse()
                            .status())
                    .isEqualTo(502);
            patiently().until(() -> gateway.readiness() == 503);
            origin.restart();
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            patiently().until(() -> gateway.readiness() == 200);
        }
    }

    @Test
    void aRequestThatMeetsADyingConnectionIsSentOnceMoreIfItMayBe() {
        origin.otherwise(exchange -> {
            if (exchange.request().indexOnConnection() > 0) {
                exchange.close();
            } else {
                Behaviours.hello().respond(exchange);
            }
        });
        try (TestGateway gateway = TestGateway.start(Map.of("origin.url", origin.url(), "runtime.event-loops", "1"))) {
            assertThat(RawClient.exchange(gateway.port(), GET).status()).isEqualTo(200);
            assertThat(RawClient.exchange(gateway.port(), GET).status()).isEqualTo(200);
            assertThat(origin.awaitRequests(3)).hasSize(3);
            String post = "POST /order HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 0\r\n\r\n";
            assertThat(RawClient.exchange(gateway.port(), post).status()).isEqualTo(502);
            assertThat(origin.awaitRequests(4)).hasSize(4);
            patiently().until(() -> gateway.metrics().sum("esper_upstream_retries_total") == 1);
        }
    }

    @Test
    void anOriginThatNeverAnswersIs504() {
        origin.otherwise(Behaviours.silent());
        try (TestGateway gateway =
                TestGateway.start(Map.of("origin.url", origin.url(), "origin.response-timeout", "100ms"))) {
            assertThat(RawClient.exchange(gateway.port(), GET).status()).isEqualTo(504);
            patiently().until(() -> gateway.metrics().sum("esper_upstream_connections", "state=leased") == 0);
            patiently().until(() -> origin.connectionsOpen() == 0);
        }
    }

    @Test
    void aServiceThatIsNotThereYetIsAskedAsSoonAsItIs() {
        esper.inject(Fault.REFUSED);
        try (TestGateway gateway = cloud(Map.of())) {
            assertThat(RawClient.exchange(gateway.port(), GET).status()).isEqualTo(200);
            assertThat(origin.onlyRequest().headers().only("esper-decision"))
                    .isEqualTo("fail-open; reason=decision_connect");
            esper.heal();
            origin.forget();
            assertThat(RawClient.exchange(gateway.port(), GET).status()).isEqualTo(200);
            assertThat(origin.onlyRequest().headers().has("esper-decision")).isFalse();
            assertThat(esper.decisionCalls()).hasSize(1);
        }
    }

    @Test
    void aGatewayThatIsNotReadyForItsServiceBecomesReadyWithoutVisitors() {
        esper.inject(Fault.STATUS_500);
        try (TestGateway gateway = cloud(Map.of("esper.breaker.pause", "2s"))) {
            patiently().until(() -> gateway.readiness() == 200);
            for (int i = 0; i < 5; i++) {
                RawClient.exchange(gateway.port(), GET);
            }
            assertThat(gateway.readiness()).isEqualTo(503);
            esper.heal();
            // Whoever is not ready is sent nobody: no request comes that could close the breaker.
            patiently().until(() -> gateway.readiness() == 200);
            RawClient.exchange(gateway.port(), GET);
            patiently().until(() -> gateway.metrics().sum("esper_breaker_open") == 0);
        }
    }

    @Test
    void aRefusedKeyIsNotReadyUntilItIsAccepted() {
        esper.inject(Fault.STATUS_401);
        try (TestGateway gateway = cloud(Map.of())) {
            patiently().until(() -> gateway.readiness() == 200);
            RawClient.exchange(gateway.port(), GET);
            assertThat(gateway.readiness()).isEqualTo(503);
            esper.heal();
            RawClient.exchange(gateway.port(), GET);
            assertThat(gateway.readiness()).isEqualTo(200);
        }
    }

    private TestGateway cloud(Map<String, String> more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "mode",
                "cloud",
                "origin.url",
                origin.url(),
                "esper.api-url",
                esper.url(),
                "esper.api-key",
                TestEsper.API_KEY,
                "esper.connect-timeout",
                "20s",
                "decision.timeout",
                "20s"));
        config.putAll(more);
        return TestGateway.start(config);
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(20));
    }
}
