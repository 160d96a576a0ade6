package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Behaviour;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.OpenLoad;
import com.esperr.gateway.testkit.Patience;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An origin that can do 200 requests a second (ten workers, 50 ms each) and visitors who want more of it, most of them unknown. With
 * {@code -Dshedding.rate=2000} the rate at which figures are given in {@code docs/shedding.md} is offered.
 */
class SheddingIT {
    private static final int WORKERS = 10;
    private static final long SERVICE_NANOS = 50_000_000;
    private static final int RATE = Integer.getInteger("shedding.rate", 400);
    private static final boolean FULL = RATE >= 2000;
    private static final int VERIFIED = FULL ? 60 : 30;
    private static final String BROWSER =
            "Host: shop.test\r\nUser-Agent: Firefox\r\nX-Forwarded-For: 198.51.100.23\r\nAccept: text/html\r\n";

    private static final String CRAWL = "GET /page HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: crawler\r\n"
            + "X-Forwarded-For: 192.0.2.7\r\nAccept: text/html\r\n\r\n";

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    private Path directory;

    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final Semaphore workers = new Semaphore(WORKERS, true);
    private final TestOrigin origin = TestOrigin.start(busy());
    private final TestEsper esper = TestEsper.start();

    @BeforeEach
    void takeProofs() {
        esper.answerProof(json -> EsperReply.json("{\"valid\":true,\"expires_in\":600}"));
    }

    @AfterEach
    void stop() {
        released.countDown();
        esper.close();
        origin.close();
        assertThat(origin.violations()).isEmpty();
    }

    private Behaviour busy() {
        return exchange -> {
            exchange.readBody();
            workers.acquire();
            try {
                never.await(SERVICE_NANOS, TimeUnit.NANOSECONDS);
            } finally {
                workers.release();
            }
            exchange.send(OK);
        };
    }

    private TestGateway gateway(String... more) throws IOException {
        Map<String, String> config = new HashMap<>(Map.of(
                "policies.path",
                Files.writeString(directory.resolve("none.conf"), "policies = []")
                        .toString(),
                "origin.url",
                origin.url(),
                "origin.shedding.enabled",
                "true",
                "challenge.url",
                "/prove?to={return_url}",
                "client.trusted-proxies",
                "loopback",
                "esper.api-url",
                esper.url(),
                "esper.api-key",
                TestEsper.API_KEY,
                "esper.connect-timeout",
                "20s",
                "decision.timeout",
                "20s",
                "challenge.verify-timeout",
                "20s"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        Path networks = Files.writeString(directory.resolve("networks"), "192.0.2.0/24\n");
        return TestGateway.start("bots.known = [ { name = crawler, ranges = [ \"" + networks + "\" ] } ]\n", config);
    }

    /** One whose origin is given two requests at once. */
    private TestGateway gatewayForTwo(String... more) throws IOException {
        List<String> options = new ArrayList<>(List.of(more));
        for (String key : List.of("min", "start", "max")) {
            options.addAll(List.of("origin.shedding." + key, "2"));
        }
        return gateway(options.toArray(String[]::new));
    }

    /** Both places are taken until they are {@link #release released}. */
    private void hold(TestGateway gateway, RawClient first, RawClient second) throws IOException {
        origin.on("/held", exchange -> {
            released.await();
            exchange.send(OK);
        });
        for (RawClient held : List.of(first, second)) {
            held.send("GET /held HTTP/1.1\r\nHost: shop.test\r\n\r\n");
        }
        awaitUnderWay(gateway, 2);
    }

    private void release(RawClient first, RawClient second) throws IOException {
        released.countDown();
        assertThat(first.readResponse().status()).isEqualTo(200);
        assertThat(second.readResponse().status()).isEqualTo(200);
    }

    private static void awaitUnderWay(TestGateway gateway, int requests) {
        await().atMost(Patience.LIMIT).until(() -> gateway.metrics().sum("esper_upstream_under_way") == requests);
    }

    private static RawResponse shortVisit(TestGateway gateway) {
        return RawClient.exchange(gateway.port(), "GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n");
    }

    private static String passOf(TestGateway gateway) {
        Browser browser = Browser.at(gateway.port());
        assertThat(browser.visit("/?" + ChallengeScene.PROOF + "=good").status())
                .isEqualTo(302);
        return browser.jar().entrySet().stream()
                .map(cookie -> cookie.getKey() + '=' + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    private static String visit(String cookie) {
        return "GET /page HTTP/1.1\r\n" + BROWSER + "Cookie: " + cookie + "\r\n\r\n";
    }

    /** A while in which the origin can do all that is wanted. */
    private static void calm(TestGateway gateway) {
        try (OpenLoad before = OpenLoad.at(gateway.port())) {
            before.group(visit("sid=1"), 150, 200);
            before.run(Duration.ofSeconds(10), Duration.ofSeconds(10));
        }
    }

    @Test
    void whoHasAPassAndWhoIsAKnownBotIsServedWhileOthersAreChallenged() throws IOException {
        try (TestGateway gateway = gateway(
                        "origin.shedding.unverified", "challenge", "origin.shedding.max-wait", FULL ? "1s" : "60s");
                OpenLoad load = OpenLoad.at(gateway.port())) {
            if (FULL) {
                calm(gateway);
            }
            OpenLoad.Group holders = load.group(visit(passOf(gateway)), VERIFIED / 2, 1000);
            OpenLoad.Group bots = load.group(CRAWL, VERIFIED / 2, 1000);
            OpenLoad.Group others = load.group(visit("sid=1"), RATE - VERIFIED, 3000);
            load.run(Duration.ofSeconds(FULL ? 20 : 4), Duration.ofSeconds(60));
            System.out.printf(
                    "offered %d/s; %s; %s; others %d: %s; limit %.0f%n",
                    RATE,
                    told("with a pass", holders),
                    told("bots", bots),
                    others.sent(),
                    others.statuses(),
                    gateway.metrics().sum("esper_upstream_limit"));
            for (OpenLoad.Group verified : List.of(holders, bots)) {
                assertThat(verified.count(200)).isGreaterThanOrEqualTo((int) Math.ceil(verified.sent() * 0.999));
            }
            assertThat(others.count(302)).isPositive();
            assertThat(gateway.metrics().sum("esper_upstream_shed_total", "how=challenged"))
                    .isEqualTo(others.count(302));
            assertThat(gateway.metrics().sum("esper_upstream_shed_total", "rank=verified"))
                    .isEqualTo(holders.sent() - holders.count(200) + bots.sent() - bots.count(200));
            assertThat(gateway.metrics().sum("esper_decisions_total", "source=load", "action=challenge"))
                    .isEqualTo(others.count(302));
            awaitUnderWay(gateway, 0);
        }
    }

    private static String told(String who, OpenLoad.Group group) {
        return String.format(
                "%s %d: %s, half within %.0f ms, 99 %% within %.0f ms",
                who, group.sent(), group.statuses(), group.millis(0.5), group.millis(0.99));
    }

    @Test
    void withoutAChallengeTheOthersWaitBehindThem() throws IOException {
        try (TestGateway gateway = gateway("challenge.url", "", "origin.shedding.max-wait", "60s");
                OpenLoad load = OpenLoad.at(gateway.port())) {
            OpenLoad.Group verified = load.group(visit(passOf(gateway)), VERIFIED, 2000);
            OpenLoad.Group others = load.group(visit("sid=1"), 400 - VERIFIED, 3000);
            load.run(Duration.ofSeconds(3), Duration.ofSeconds(60));
            assertThat(verified.count(200)).isGreaterThanOrEqualTo((int) Math.ceil(verified.sent() * 0.999));
            assertThat(others.count(200)).isPositive();
            assertThat(others.count(200) + others.count(503)).isEqualTo((int) others.sent());
            assertThat(gateway.failures(FailureReason.ORIGIN_SATURATED)).isEqualTo(others.count(503));
        }
    }

    @Test
    void whatFindsNoRoomInTimeIsToldWhenToComeBackAndExplained() throws Exception {
        try (TestGateway gateway = gatewayForTwo("origin.shedding.max-wait", "300ms");
                RawClient first = RawClient.connect(gateway.port());
                RawClient second = RawClient.connect(gateway.port())) {
            hold(gateway, first, second);
            RawResponse late = shortVisit(gateway);
            assertThat(late.status()).isEqualTo(503);
            assertThat(late.headers().only("retry-after")).isEqualTo("2");
            String told = RawClient.exchange(
                            gateway.adminPort(),
                            "GET /explain/" + late.header("esper-reference") + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .bodyText();
            assertThat(told).contains("origin_saturated", "origin.shedding.max-wait");
            assertThat(gateway.metrics().sum("esper_upstream_shed_total", "rank=unverified", "how=late"))
                    .isEqualTo(1);
            release(first, second);
            awaitUnderWay(gateway, 0);
            assertThat(shortVisit(gateway).status()).isEqualTo(200);
        }
    }

    @Test
    void aChallengeThatIsOnlyWatchedSparesTheOriginNothing() throws Exception {
        try (TestGateway gateway = gatewayForTwo(
                        "mode", "monitor",
                        "origin.shedding.unverified", "challenge",
                        "origin.shedding.max-wait", "300ms");
                RawClient first = RawClient.connect(gateway.port());
                RawClient second = RawClient.connect(gateway.port())) {
            hold(gateway, first, second);
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                RawClient.exchange(gateway.port(), visit("sid=1"));
                return gateway.metrics().sum("esper_decisions_total", "source=load") > 0;
            });
            assertThat(gateway.metrics().sum("esper_upstream_shed_total", "how=challenged"))
                    .isZero();
        }
    }

    @Test
    void whoSendsSlowlyTakesNoPlaceOfOthers() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        origin.on("/upload", exchange -> {
            begun.countDown();
            exchange.readBody();
            exchange.send(OK);
        });
        try (TestGateway gateway = gatewayForTwo("origin.shedding.max-wait", "60s");
                RawClient first = RawClient.connect(gateway.port());
                RawClient second = RawClient.connect(gateway.port())) {
            for (RawClient slow : new RawClient[] {first, second}) {
                slow.send("POST /upload HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 10\r\n\r\nhello");
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> begun.getCount() == 0);
            assertThat(shortVisit(gateway).status()).isEqualTo(200);
            awaitUnderWay(gateway, 0);
            for (RawClient slow : new RawClient[] {first, second}) {
                assertThat(slow.send("again").readResponse().status()).isEqualTo(200);
            }
            assertThat(gateway.metrics().sum("esper_upstream_under_way")).isZero();
        }
    }

    @Test
    void whoLeavesWhileHeWaitsLeavesNoTraceAndATunnelTakesNoPlace() throws Exception {
        origin.on("/events", exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n");
            released.await();
            exchange.send("0\r\n\r\n");
        });
        try (TestGateway gateway = gatewayForTwo("origin.shedding.max-wait", "30s");
                RawClient events = RawClient.connect(gateway.port());
                RawClient first = RawClient.connect(gateway.port());
                RawClient second = RawClient.connect(gateway.port())) {
            events.send("GET /events HTTP/1.1\r\nHost: shop.test\r\n\r\n");
            assertThat(events.readHead()).startsWith("HTTP/1.1 200");
            hold(gateway, first, second);
            RawClient leaving = RawClient.connect(gateway.port());
            leaving.send("GET /never HTTP/1.1\r\nHost: shop.test\r\n\r\n");
            await().atMost(Duration.ofSeconds(30)).until(() -> gateway.metrics().sum("esper_upstream_queued") == 1);
            leaving.reset();
            await().atMost(Duration.ofSeconds(30)).until(() -> gateway.metrics().sum("esper_upstream_queued") == 0);
            release(first, second);
            assertThat(origin.requests()).noneMatch(request -> request.path().equals("/never"));
        }
    }
}
