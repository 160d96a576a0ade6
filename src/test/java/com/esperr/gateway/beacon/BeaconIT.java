package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeaconIT {
    @TempDir
    Path directory;

    private final TestEsper esper = TestEsper.start();
    private final TestOrigin origin = TestOrigin.start();

    @AfterEach
    void close() {
        esper.close();
        origin.close();
    }

    private TestGateway gateway(String... more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "origin.url",
                origin.url(),
                "esper.api-url",
                esper.url(),
                "esper.api-key",
                TestEsper.API_KEY,
                "esper.tenant-id",
                Configured.TENANT,
                "beacon.mode",
                "on",
                "beacon.back-off.first",
                "20ms",
                "beacon.back-off.longest",
                "100ms",
                "beacon.spool.directory",
                directory.resolve("spool").toString()));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return TestGateway.start(config);
    }

    private static RawResponse get(TestGateway gateway, String path) {
        return RawClient.exchange(gateway.port(), "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\n\r\n");
    }

    private static List<String> paths(List<EsperCall> calls) {
        return calls.stream().map(call -> call.text("/request/path")).toList();
    }

    @Test
    void everyFinishedRequestIsToldAsTheContractSays() {
        try (TestGateway gateway = gateway()) {
            for (int i = 0; i < 20; i++) {
                assertThat(get(gateway, "/page/" + i).status()).isEqualTo(200);
            }
            await().until(() -> esper.beaconCalls().size() == 20);
            assertThat(esper.violations()).isEmpty();
            assertThat(paths(esper.beaconCalls())).contains("/page/0", "/page/19");
            await().until(() -> gateway.metric("esper_beacon_sent_total") == 20);
            await().until(() -> gateway.metric("esper_beacon_spool_events") == 0);
            assertThat(gateway.metric("esper_beacon_spooled_total")).isEqualTo(20);
            String tail = RawClient.exchange(
                            gateway.adminPort(), "GET /beacon/tail?limit=3 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .bodyText();
            assertThat(tail.lines()).hasSize(3);
            String last = tail.lines().skip(2).findFirst().orElseThrow();
            assertThat(esper.beaconCalls().stream()
                            .map(call -> call.request().bodyText())
                            .toList())
                    .contains(last.substring(last.indexOf("\"event\":") + 8, last.length() - 1));
        }
    }

    @Test
    void aSlowOrDeadEsperNeverHoldsARequest() {
        esper.inject(Fault.SILENT);
        try (TestGateway gateway = gateway("beacon.call-timeout", "30s", "beacon.concurrency", "2")) {
            for (int i = 0; i < 300; i++) {
                assertThat(get(gateway, "/" + i).status()).isEqualTo(200);
            }
            await().until(() -> gateway.metric("esper_beacon_spool_events") == 300);
            assertThat(esper.beaconCalls()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void whatCouldNotBeSentIsSentAfterARestartUnderTheSameKeys() {
        esper.inject(Fault.REFUSED);
        try (TestGateway gateway = gateway()) {
            for (int i = 0; i < 50; i++) {
                get(gateway, "/" + i);
            }
            await().until(() -> gateway.metric("esper_beacon_spooled_total") == 50);
            await().until(() -> gateway.metric("esper_beacon_failures_total") > 0);
        }
        esper.heal();
        try (TestGateway gateway = gateway()) {
            await().until(() -> gateway.metric("esper_beacon_sent_total") == 50);
        }
        assertThat(esper.beaconCalls().stream()
                        .map(call -> call.text("/idempotency_key"))
                        .distinct())
                .hasSize(50);
    }

    @Test
    void aFailedEventIsSentAgainUnderItsKey() {
        esper.inject(Fault.STATUS_503, 0, 3);
        try (TestGateway gateway = gateway()) {
            get(gateway, "/once");
            await().until(() -> gateway.metric("esper_beacon_sent_total") == 1);
        }
        assertThat(esper.beaconCalls()).hasSize(4);
        assertThat(esper.beaconCalls().stream()
                        .map(call -> call.text("/idempotency_key"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void whatEsperRefusesIsPutAsideForPeople() throws IOException {
        esper.answerBeacon(json -> json.at("/request/path").asText().equals("/bad")
                ? EsperReply.status(422)
                : EsperReply.json("{\"item_id\":\"1\"}"));
        try (TestGateway gateway = gateway()) {
            get(gateway, "/good");
            get(gateway, "/bad");
            await().until(() -> gateway.metric("esper_beacon_dead_letters_total") == 1);
            await().until(() -> gateway.metric("esper_beacon_sent_total") == 1);
        }
        assertThat(Files.readAllLines(directory.resolve("spool").resolve("dead-letters.jsonl")))
                .singleElement()
                .asString()
                .contains("\"status\":422", "\"path\":\"/bad\"");
        assertThat(esper.beaconCalls()).hasSize(2);
    }

    @Test
    void aFullSpoolLosesTheOldestAndCounts() {
        esper.inject(Fault.REFUSED);
        try (TestGateway gateway = gateway("beacon.spool.events", "10")) {
            for (int i = 0; i < 30; i++) {
                get(gateway, "/" + i);
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> gateway.metric("esper_beacon_dropped_total{reason=\"spool_full\"}") == 20);
            assertThat(gateway.metric("esper_beacon_spool_events")).isEqualTo(10);
        }
    }
}
