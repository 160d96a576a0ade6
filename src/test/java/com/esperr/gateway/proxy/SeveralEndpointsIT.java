package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One application at three places: who gets the requests, and what visitors notice when places go and come back. */
class SeveralEndpointsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<TestOrigin> origins =
            Stream.generate(TestOrigin::start).limit(3).toList();
    private TestGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        origins.forEach(TestOrigin::close);
    }

    @Test
    void roundRobinSpreadsRequestsEvenly() {
        start("origin.balance", "round-robin");
        for (int i = 0; i < 9; i++) {
            assertThat(get("/").status()).isEqualTo(200);
        }
        assertThat(requests()).containsExactly(3, 3, 3);
    }

    @Test
    void aBusyEndpointGetsFewerRequests() {
        start();
        origins.get(0).otherwise(Behaviours.silent());
        List<RawClient> stuck = new ArrayList<>();
        try {
            for (int i = 0; i < 24; i++) {
                stuck.add(RawClient.connect(gateway.port()).send(Scene.request("GET /" + i)));
            }
            await().atMost(PATIENCE)
                    .until(() -> requests().stream().mapToInt(count -> count).sum() == 24);
            // Of two with equal loads either may be taken, and each request to the stuck one adds to its load.
            assertThat(origins.get(0).requests().size()).isLessThan(12);
        } finally {
            stuck.forEach(RawClient::close);
        }
    }

    @Test
    void aVisitorMeetsTheSameEndpointUntilThatIsGone() {
        start("origin.balance", "consistent-hash", "origin.hash-on", "cookie[session]");
        for (int i = 0; i < 6; i++) {
            assertThat(get("/", "Cookie: session=a").status()).isEqualTo(200);
        }
        assertThat(requests()).containsExactlyInAnyOrder(6, 0, 0);
        TestOrigin his = origins.stream()
                .filter(origin -> !origin.requests().isEmpty())
                .findFirst()
                .orElseThrow();
        his.stop();
        for (int i = 0; i < 6; i++) {
            assertThat(get("/", "Cookie: session=a").status()).isEqualTo(200);
        }
        assertThat(requests()).containsExactlyInAnyOrder(6, 6, 0);
    }

    @Test
    void anEndpointThatRefusesCostsNobodyAnAnswerAndIsEjected() {
        start(
                "origin.balance",
                "round-robin",
                "origin.outlier.failures",
                "2",
                "origin.outlier.time",
                "1h",
                "origin.outlier.longest",
                "1h");
        origins.get(0).stop();
        for (int i = 0; i < 12; i++) {
            assertThat(get("/").status()).isEqualTo(200);
        }
        assertThat(up(0)).isZero();
        assertThat(up(1)).isEqualTo(1);
        assertThat(gateway.metric("esper_upstream_ejections_total{endpoint=\""
                        + origins.get(0).authority() + "\",origin=\"origin\"}"))
                .isEqualTo(1);
        // So many tries that failed, and none after them.
        assertThat(gateway.metric("esper_upstream_moved_total{origin=\"origin\"}"))
                .isEqualTo(2);
        assertThat(gateway.readiness()).isEqualTo(200);
    }

    @Test
    void whereNobodyListensTheAnswerIs502AndTheGatewayIsNotReady() {
        start();
        origins.forEach(TestOrigin::stop);
        assertThat(get("/").status()).isEqualTo(502);
        await().atMost(PATIENCE).until(() -> gateway.readiness() == 503);
        origins.get(1).restart();
        await().atMost(PATIENCE).until(() -> gateway.readiness() == 200);
        assertThat(get("/").status()).isEqualTo(200);
    }

    @Test
    void anEndpointThatFailsItsHealthQuestionsGetsNoRequestsUntilItAnswersThemAgain() {
        AtomicInteger status = new AtomicInteger(200);
        origins.get(2)
                .on(
                        "/health",
                        exchange -> Behaviours.respond(status.get(), "", "Connection: close")
                                .respond(exchange));
        start("origin.balance", "round-robin", "origin.health.path", "/health", "origin.health.interval", "20ms");
        await().atMost(PATIENCE).until(() -> gateway.readiness() == 200);
        status.set(500);
        await().atMost(PATIENCE).until(() -> up(2) == 0);
        for (int i = 0; i < 10; i++) {
            assertThat(get("/page").status()).isEqualTo(200);
        }
        assertThat(pages(origins.get(2))).isZero();
        status.set(204);
        await().atMost(PATIENCE).until(() -> up(2) == 1);
        await().atMost(PATIENCE).until(() -> {
            get("/page");
            return pages(origins.get(2)) > 0;
        });
        assertThat(gateway.metric("esper_upstream_health_checks_total{endpoint=\""
                        + origins.get(2).authority() + "\",origin=\"origin\",result=\"failed\"}"))
                .isGreaterThanOrEqualTo(3);
        // The questions are asked on connections of their own that do not stay.
        assertThat(origins.get(2).requests()).anyMatch(request -> request.path().equals("/health"));
    }

    @Test
    void aSilentHealthAnswerCountsAsNone() {
        origins.get(1).on("/health", Behaviours.silent());
        start("origin.health.path", "/health", "origin.health.interval", "20ms", "origin.health.timeout", "50ms");
        await().atMost(PATIENCE).until(() -> up(1) == 0);
        assertThat(up(0)).isEqualTo(1);
    }

    @Test
    void anEndpointThatStaysSilentIsEjectedToo() {
        start(
                "origin.balance",
                "round-robin",
                "origin.response-timeout",
                "100ms",
                "origin.outlier.failures",
                "1",
                "origin.outlier.time",
                "1h",
                "origin.outlier.longest",
                "1h");
        origins.get(0).otherwise(Behaviours.silent());
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            statuses.add(get("/").status());
        }
        assertThat(statuses).containsOnlyOnce(504);
        assertThat(up(0)).isZero();
    }

    @Test
    void theHostThatIsSentIsThatOfTheEndpoint() {
        start("origin.balance", "round-robin", "origin.host", "rewrite");
        for (int i = 0; i < 3; i++) {
            get("/");
        }
        origins.forEach(
                origin -> assertThat(origin.onlyRequest().header("host")).isEqualTo(origin.authority()));
    }

    @Test
    void anAnswer503IsAskedForElsewhereIfThatIsHarmless() {
        start("origin.balance", "round-robin", "origin.retry.status", "502, 503");
        origins.get(0).otherwise(Behaviours.respond(503, "not now"));
        origins.get(1).otherwise(Behaviours.respond(502, "neither"));
        for (int i = 0; i < 3; i++) {
            RawResponse answer = get("/" + i);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.bodyText()).isEqualTo("GET /" + i + "\n");
        }
        assertThat(gateway.metric("esper_upstream_retries_total")).isGreaterThanOrEqualTo(2);
        origins.forEach(origin -> origin.otherwise(Behaviours.respond(503, "not now")));
        assertThat(get("/").bodyText()).isEqualTo("not now");
        int before = requests().stream().mapToInt(count -> count).sum();
        // Neither what may have had an effect nor what has a body is sent again.
        assertThat(RawClient.exchange(gateway.port(), Scene.request("POST /", "Content-Length: 0"))
                        .status())
                .isEqualTo(503);
        assertThat(RawClient.exchange(gateway.port(), Scene.request("PUT /", "Content-Length: 1") + "x")
                        .status())
                .isEqualTo(503);
        assertThat(requests().stream().mapToInt(count -> count).sum()).isEqualTo(before + 2);
    }

    @Test
    void aConnectionThatIsResetBeforeAnAnswerIsMadeGoodElsewhere() {
        start("origin.balance", "round-robin");
        origins.get(0).otherwise(Behaviours.resetWithoutReply());
        for (int i = 0; i < 6; i++) {
            assertThat(get("/").status()).isEqualTo(200);
        }
        assertThat(origins.get(0).requests()).isNotEmpty();
    }

    @Test
    void repetitionsStayWithinTheirBudget() {
        start("origin.retry.status", "503", "origin.retry.budget", "0.1", "origin.retry.reserve", "5");
        origins.forEach(origin -> origin.otherwise(Behaviours.respond(503, "not now")));
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 200; i++) {
                assertThat(client.send(Scene.request("GET /")).readResponse().status())
                        .isEqualTo(503);
            }
        }
        assertThat(requests().stream().mapToInt(count -> count).sum()).isBetween(220, 225);
        assertThat(gateway.metric("esper_upstream_retries_refused_total{origin=\"origin\"}"))
                .isGreaterThan(100);
    }

    @Test
    void whoFindsAllEndpointsFullIs503() {
        start("origin.max-requests", "1");
        origins.forEach(origin -> origin.otherwise(Behaviours.silent()));
        List<RawClient> stuck = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                stuck.add(RawClient.connect(gateway.port()).send(Scene.request("GET /" + i)));
            }
            await().atMost(PATIENCE).until(() -> requests().equals(List.of(1, 1, 1)));
            assertThat(get("/").status()).isEqualTo(503);
        } finally {
            stuck.forEach(RawClient::close);
        }
    }

    @Test
    void endpointsThatGoAndComeBackUnderLoadCostOnlyWhatWasSentToThem() throws Exception {
        start("origin.outlier.time", "100ms");
        ExecutorService visitors = Executors.newFixedThreadPool(8);
        AtomicInteger unsent = new AtomicInteger();
        try {
            List<Callable<Map<Integer, Integer>>> visits = Stream.<Callable<Map<Integer, Integer>>>generate(
                            () -> this::visit)
                    .limit(8)
                    .toList();
            List<Future<Map<Integer, Integer>>> running =
                    visits.stream().map(visitors::submit).toList();
            for (TestOrigin origin : origins) {
                int before = origin.requests().size();
                await().atMost(PATIENCE).until(() -> origin.requests().size() > before + 20);
                unsent.addAndGet(origin.connectionsOpen());
                origin.stop();
                TestOrigin other = origins.get((origins.indexOf(origin) + 1) % 3);
                int others = other.requests().size();
                await().atMost(PATIENCE).until(() -> other.requests().size() > others + 20);
                origin.restart();
            }
            done.set(1);
            Map<Integer, Integer> statuses = new HashMap<>();
            for (Future<Map<Integer, Integer>> one : running) {
                one.get().forEach((status, count) -> statuses.merge(status, count, Integer::sum));
            }
            assertThat(statuses.keySet()).isSubsetOf(200, 502);
            // At the most what was under way on a connection that was cut.
            assertThat(statuses.getOrDefault(502, 0)).isLessThanOrEqualTo(unsent.get());
            await().atMost(PATIENCE).until(() -> gateway.metric("esper_requests_open") == 0);
        } finally {
            done.set(1);
            visitors.shutdownNow();
        }
    }

    private final AtomicInteger done = new AtomicInteger();

    private Map<Integer, Integer> visit() {
        Map<Integer, Integer> statuses = new HashMap<>();
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; done.get() == 0 && i < 100_000; i++) {
                statuses.merge(
                        client.send(Scene.request("GET /" + i)).readResponse().status(), 1, Integer::sum);
            }
        }
        return statuses;
    }

    private void start(String... keysAndValues) {
        Map<String, String> config = new HashMap<>(Map.of(
                "origin.url",
                origins.stream().map(TestOrigin::url).collect(Collectors.joining(",")),
                "runtime.event-loops",
                "1"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        gateway = TestGateway.start(config);
    }

    private RawResponse get(String path, String... lines) {
        String[] all = Stream.concat(Stream.of("GET " + path), Stream.of(lines)).toArray(String[]::new);
        return RawClient.exchange(gateway.port(), Scene.request(all));
    }

    private List<Integer> requests() {
        return origins.stream().map(origin -> origin.requests().size()).toList();
    }

    private static long pages(TestOrigin origin) {
        return origin.requests().stream()
                .filter(request -> request.path().equals("/page"))
                .count();
    }

    private double up(int origin) {
        return gateway.metric(
                "esper_upstream_endpoint_up{endpoint=\"" + origins.get(origin).authority() + "\",origin=\"origin\"}");
    }
}
