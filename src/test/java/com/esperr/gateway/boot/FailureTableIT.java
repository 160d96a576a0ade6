package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.decision.FailureAction;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.Tier;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The failure table against a service that fails in every way there is: what a visitor is told, what the origin sees, and what the
 * operator can count, for each fault, tier and cell.
 */
class FailureTableIT {

    private static final Map<Fault.Kind, FailureReason> REASONS = new EnumMap<>(Map.of(
            Fault.Kind.CONNECT, FailureReason.DECISION_CONNECT,
            Fault.Kind.TIMEOUT, FailureReason.DECISION_TIMEOUT,
            Fault.Kind.SERVER_ERROR, FailureReason.DECISION_SERVER_ERROR,
            Fault.Kind.UNAUTHORIZED, FailureReason.DECISION_UNAUTHORIZED,
            Fault.Kind.RATE_LIMITED, FailureReason.DECISION_RATE_LIMITED,
            Fault.Kind.MALFORMED, FailureReason.DECISION_MALFORMED,
            Fault.Kind.CHALLENGE_UNUSABLE, FailureReason.CHALLENGE_UNUSABLE));

    private static final String NAVIGATION =
            " HTTP/1.1\r\nHost: gw.test\r\nAccept: text/html\r\nEsper-Decision: forged\r\n\r\n";
    private static final String API_CALL = " HTTP/1.1\r\nHost: gw.test\r\nAccept: application/json\r\n"
            + "Content-Type: application/json\r\nEsper-Decision: forged\r\nContent-Length: 7\r\n\r\n{\"a\":1}";

    /** Which table is in force. */
    enum Table {
        /** The one that nobody configured. */
        DEFAULT,
        /** The contrary of it, with challenges in between. */
        INVERTED;

        FailureAction cell(FailureReason reason, Tier tier) {
            boolean sensitive = tier == Tier.SENSITIVE;
            return switch (this) {
                case DEFAULT ->
                    sensitive || reason == FailureReason.CHALLENGE_UNUSABLE ? FailureAction.CLOSED : FailureAction.OPEN;
                case INVERTED ->
                    switch (reason) {
                        case DECISION_CONNECT, DECISION_SERVER_ERROR, DECISION_RATE_LIMITED ->
                            sensitive ? FailureAction.OPEN : FailureAction.CHALLENGE;
                        case DECISION_TIMEOUT, DECISION_MALFORMED ->
                            sensitive ? FailureAction.CHALLENGE : FailureAction.CLOSED;
                        case CHALLENGE_UNUSABLE -> sensitive ? FailureAction.CHALLENGE : FailureAction.OPEN;
                        default -> sensitive ? FailureAction.OPEN : FailureAction.CLOSED;
                    };
            };
        }

        private String hocon() {
            return this == DEFAULT ? "" : """
                    challenge.url = "https://checks.test/c?back={return_url}"
                    failure.normal { connect = challenge, server-error = challenge, rate-limited = challenge,
                      timeout = closed, malformed = closed, unauthorized = closed, overload = closed,
                      challenge-unusable = open }
                    failure.sensitive { connect = open, server-error = open, rate-limited = open,
                      timeout = challenge, malformed = challenge, unauthorized = open, overload = open,
                      challenge-unusable = challenge }
                    """;
        }
    }

    record Cell(Table table, Tier tier, Fault fault) {}

    private static final String PATIENT = "20s";
    private static final String BRISK = "60ms";

    private static TestOrigin origin;
    private static TestEsper esper;
    private static final Map<String, TestGateway> GATEWAYS = new HashMap<>();

    @BeforeAll
    static void start() {
        origin = TestOrigin.start();
        esper = TestEsper.start();
        for (Table table : Table.values()) {
            for (String patience : List.of(PATIENT, BRISK)) {
                // So many failures one after the other would open the breaker, which has a test of its own.
                GATEWAYS.put(
                        table + patience,
                        gateway(table, Map.of("decision.timeout", patience, "esper.breaker.failures", "1000000")));
            }
        }
    }

    @AfterAll
    static void stop() {
        GATEWAYS.values().forEach(TestGateway::close);
        esper.close();
        origin.close();
    }

    @AfterEach
    void heal() {
        esper.heal();
        assertThat(esper.violations()).isEmpty();
        assertThat(esper.redirectsFollowed()).isZero();
        assertThat(origin.violations()).isEmpty();
    }

    static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (Table table : Table.values()) {
            for (Tier tier : List.of(Tier.NORMAL, Tier.SENSITIVE)) {
                for (Fault fault : Fault.values()) {
                    if (!fault.kinds().contains(Fault.Kind.HARMLESS)) {
                        cells.add(new Cell(table, tier, fault));
                    }
                }
            }
        }
        return cells;
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyFaultEndsInItsCell(Cell cell) {
        TestGateway gateway = GATEWAYS.get(cell.table + (cell.fault.isSlow() ? BRISK : PATIENT));
        esper.inject(cell.fault, 20);
        Set<FailureReason> possible =
                cell.fault.kinds().stream().map(REASONS::get).collect(Collectors.toSet());
        checkCell(gateway, cell.table, cell.tier, possible);
    }

    @ParameterizedTest
    @EnumSource
    void whileTheBreakerIsOpenNobodyIsAskedAndTheOverloadCellCounts(Table table) {
        try (TestGateway gateway = gateway(table, Map.of("decision.timeout", PATIENT, "esper.breaker.pause", "1h"))) {
            esper.inject(Fault.STATUS_500);
            for (int i = 0; i < 5; i++) {
                RawClient.exchange(gateway.port(), "GET /fails" + NAVIGATION);
            }
            assertThat(gateway.metrics().sum("esper_breaker_open")).isEqualTo(1);
            // Whoever were asked now would answer well, or keep the visitor waiting.
            esper.heal().forget();
            for (Tier tier : List.of(Tier.NORMAL, Tier.SENSITIVE)) {
                checkCell(gateway, table, tier, Set.of(FailureReason.DECISION_OVERLOAD));
            }
            assertThat(esper.calls()).isEmpty();
        }
    }

    @Test
    void theServiceIsNotAskedBeforeThePauseItDemandedIsOver() {
        try (TestGateway gateway = gateway(Table.DEFAULT, Map.of("esper.max-retry-after", "60s"))) {
            esper.inject(Fault.STATUS_429_RETRY_AFTER, 0, 1);
            checkCell(gateway, Table.DEFAULT, Tier.NORMAL, Set.of(FailureReason.DECISION_RATE_LIMITED));
            assertThat(esper.decisionCalls()).isNotEmpty();
            esper.forget();
            checkCell(gateway, Table.DEFAULT, Tier.SENSITIVE, Set.of(FailureReason.DECISION_RATE_LIMITED));
            assertThat(esper.decisionCalls()).isEmpty();
        }
    }

    private static void checkCell(TestGateway gateway, Table table, Tier tier, Set<FailureReason> possible) {
        String path = tier == Tier.SENSITIVE ? "/login" : "/page";
        for (String request : List.of("GET " + path + NAVIGATION, "POST " + path + API_CALL)) {
            origin.forget();
            MetricsSnapshot before = gateway.metrics();
            RawResponse response = RawClient.exchange(gateway.port(), request);
            FailureReason reason = awaitCounted(gateway, before, possible);
            switch (table.cell(reason, tier)) {
                case OPEN -> checkOpen(response, request, reason);
                case CLOSED -> checkClosed(response, request);
                case CHALLENGE -> checkChallenge(response, request, path);
            }
            soon().untilAsserted(() -> checkCounts(gateway.metrics(), before, reason, table.cell(reason, tier)));
        }
    }

    /** Waits until the exchange is counted and returns the one class of failure it is counted under. */
    private static FailureReason awaitCounted(
            TestGateway gateway, MetricsSnapshot before, Set<FailureReason> possible) {
        soon().until(() ->
                !gateway.metrics().movedSince(before, "esper_failures_total").isEmpty());
        Map<String, Double> moved = gateway.metrics().movedSince(before, "esper_failures_total");
        List<FailureReason> found = possible.stream()
                .filter(reason -> moved.keySet().stream().anyMatch(series -> isOf(reason, series)))
                .toList();
        assertThat(found).as("one of %s in %s", possible, moved).hasSize(1);
        assertThat(moved).hasSize(1).containsValue(1.0);
        return found.get(0);
    }

    /** An exchange is counted behind its last byte, so that the client can be ahead by a moment. */
    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    private static boolean isOf(FailureReason reason, String series) {
        return series.contains("reason=\"" + reason.label() + "\"") && series.contains("side=\"decision\"");
    }

    private static void checkOpen(RawResponse response, String request, FailureReason reason) {
        assertThat(response.status()).as("%s", response).isEqualTo(200);
        ReceivedRequest seen = origin.onlyRequest();
        assertThat(seen.headers().only("esper-decision")).isEqualTo("fail-open; reason=" + reason.label());
        assertThat(seen.isComplete()).isTrue();
        assertThat(seen.bodyText()).isEqualTo(request.startsWith("POST") ? "{\"a\":1}" : "");
    }

    private static void checkClosed(RawResponse response, String request) {
        assertThat(response.status()).as("%s", response).isEqualTo(403);
        assertThat(response.header("esper-mitigated")).isEqualTo("block");
        checkOwnAnswer(response, request);
    }

    private static void checkChallenge(RawResponse response, String request, String path) {
        String url = "https://checks.test/c?back=http%3A%2F%2Fgw.test" + path.replace("/", "%2F");
        if (request.startsWith("GET")) {
            assertThat(response.status()).as("%s", response).isEqualTo(302);
            assertThat(response.header("location")).isEqualTo(url);
        } else {
            assertThat(response.status()).as("%s", response).isEqualTo(403);
            assertThat(response.bodyText()).contains(url);
        }
        assertThat(response.header("esper-mitigated")).isEqualTo("challenge");
        checkOwnAnswer(response, request);
    }

    private static void checkOwnAnswer(RawResponse response, String request) {
        assertThat(response.header("content-type"))
                .isEqualTo(request.startsWith("GET") ? "text/html; charset=utf-8" : "application/problem+json");
        assertThat(response.header("cache-control")).isEqualTo("no-store");
        assertThat(response.header("esper-reference")).isNotEmpty();
        assertThat(origin.requests()).isEmpty();
    }

    private static void checkCounts(
            MetricsSnapshot now, MetricsSnapshot before, FailureReason reason, FailureAction cell) {
        String action = switch (cell) {
            case OPEN -> "allow";
            case CLOSED -> "block";
            case CHALLENGE -> "challenge";
        };
        Map<String, Double> decisions = now.movedSince(before, "esper_decisions_total");
        assertThat(decisions).hasSize(1).containsValue(1.0);
        assertThat(decisions.keySet().iterator().next())
                .contains("action=\"" + action + "\"", "source=\"failure\"", "cause=\"" + reason.label() + "\"");
        Map<String, Double> failOpen = now.movedSince(before, "esper_fail_open_total");
        if (cell == FailureAction.OPEN) {
            assertThat(failOpen).isEqualTo(Map.of("esper_fail_open_total{reason=\"" + reason.label() + "\"}", 1.0));
        } else {
            assertThat(failOpen).isEmpty();
        }
        assertThat(now.movedSince(before, "esper_requests_total")).hasSize(1).containsValue(1.0);
        assertThat(now.sum("esper_requests_open")).isZero();
    }

    private static TestGateway gateway(Table table, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "mode", "cloud",
                "origin.url", origin.url(),
                "esper.api-url", esper.url(),
                "esper.api-key", TestEsper.API_KEY,
                "esper.connect-timeout", "20s",
                "esper.max-retry-after", "0s",
                "runtime.event-loops", "1"));
        config.putAll(more);
        return TestGateway.start("routes = [ { path = \"/login\", tier = sensitive } ]\n" + table.hocon(), config);
    }
}
