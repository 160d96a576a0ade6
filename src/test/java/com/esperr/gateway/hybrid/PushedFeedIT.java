package com.esperr.gateway.hybrid;

import static com.esperr.gateway.hybrid.FeedTeller.heartbeat;
import static com.esperr.gateway.hybrid.FeedTeller.put;
import static com.esperr.gateway.hybrid.FeedTeller.ready;
import static com.esperr.gateway.hybrid.FeedTeller.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.testkit.Behaviour;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestFeed;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that follows a server: visitors, origin and feed on real sockets, no other call to Esper. */
class PushedFeedIT {
    private static final FeedTeller TELLER = new FeedTeller(new HashSeed(7, 8), 64);
    private static final long LATER = System.currentTimeMillis() + 3_600_000;
    private static final String HEAD = TELLER.head("snapshot", "r-1", ",\"heartbeat_ms\":60000");

    private final TestFeed feed = TestFeed.start();
    private final TestOrigin origin = TestOrigin.start();
    private final Map<String, String> config = new HashMap<>();

    @TempDir
    private Path directory;

    PushedFeedIT() {
        config.put("mode", "hybrid");
        config.put("origin.url", origin.url());
        config.put("esper.api-url", feed.url());
        config.put("esper.api-key", TestEsper.API_KEY);
        config.put("hybrid.on-miss", "allow");
        config.put("hybrid.feed", "pushed");
        config.put("hybrid.pushed.back-off.first", "20ms");
        config.put("hybrid.pushed.back-off.longest", "100ms");
    }

    @AfterEach
    void stop() {
        feed.close();
        origin.close();
        assertThat(feed.violations()).isEmpty();
    }

    private static int get(TestGateway gateway, String userAgent) {
        return RawClient.exchange(
                        gateway.port(),
                        "GET /basket HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: " + userAgent + "\r\n\r\n")
                .status();
    }

    private static String blocked(String cursor, String userAgent) {
        return put(cursor, TELLER.key("127.0.0.1", userAgent), "block", LATER);
    }

    private static double metric(TestGateway gateway, String name) {
        return gateway.metric("esper_hybrid_feed_" + name + "{feed=\"pushed\"}");
    }

    private static void awaitReady(TestGateway gateway) {
        await().until(() -> gateway.readiness() == 200);
    }

    @Test
    void whatTheServerTellsIsMetByTheNextRequestWithoutACall() {
        feed.then(feed.says(HEAD, ready("r-1")));
        try (TestGateway gateway = TestGateway.start(config)) {
            awaitReady(gateway);
            assertThat(get(gateway, "bad")).isEqualTo(200);
            feed.tell(blocked("r-2", "bad"));
            await().until(() -> metric(gateway, "entries") == 1);
            for (int i = 0; i < 10; i++) {
                assertThat(get(gateway, "bad")).isEqualTo(403);
            }
            assertThat(get(gateway, "good")).isEqualTo(200);
            feed.tell(remove("r-3", TELLER.key("127.0.0.1", "bad")));
            await().until(() -> metric(gateway, "entries") == 0);
            assertThat(get(gateway, "bad")).isEqualTo(200);
            assertThat(feed.queries()).containsExactly("");
            assertThat(metric(gateway, "connected")).isEqualTo(1);
            assertThat(metric(gateway, "resyncs_total")).isEqualTo(1);
        }
        await().until(() -> feed.listeners() == 0);
    }

    @Test
    void whateverBecomesOfTheServerWhatItToldIsEnforced() {
        feed.then(feed.says(HEAD, blocked("r-1", "bad"), ready("r-1"), heartbeat("r-5")));
        try (TestGateway gateway = TestGateway.start(config)) {
            awaitReady(gateway);
            feed.stop();
            await().until(() -> gateway.readiness() == 503);
            assertThat(get(gateway, "bad")).isEqualTo(403);
            assertThat(get(gateway, "good")).isEqualTo(200);
            feed.then(
                    TestFeed.status(500),
                    TestFeed.status(401),
                    exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Len\0gth: x\r\n\r\n")
                            .close(),
                    TestFeed.cutsAfter(),
                    TestFeed.cutsAfter("garbage\n"),
                    TestFeed.cutsAfter("x".repeat(60_000), "x".repeat(60_000)),
                    TestFeed.cutsAfter(TELLER.head("snapshot", "s-1"), blocked("s-1", "worse"), "{\"type\":\"pu"),
                    feed.says(
                            TELLER.head("snapshot", "s-1").substring(0, 9),
                            TELLER.head("snapshot", "s-1").substring(9),
                            blocked("s-1", "worse"),
                            ready("s-1")));
            feed.restart();
            awaitReady(gateway);
            await().until(() -> get(gateway, "bad") == 200);
            assertThat(get(gateway, "worse")).isEqualTo(403);
            assertThat(metric(gateway, "resyncs_total")).isEqualTo(2);
            assertThat(feed.queries())
                    .startsWith("", "cursor=r-5")
                    .contains("cursor=r-5", "")
                    .endsWith("");
        }
    }

    @Test
    void whoComesBackHearsWhatHeMissed() {
        Behaviour first =
                TestFeed.cutsAfter(HEAD, blocked("r-1", "bad"), ready("r-1"), blocked("r 2&x=%", "worse"), "{");
        feed.then(first, feed.says(TELLER.head("resume", "r 2&x=%"), blocked("r-3", "worst"), ready("r-3")));
        try (TestGateway gateway = TestGateway.start(config)) {
            await().until(() -> metric(gateway, "entries") == 3);
            assertThat(get(gateway, "bad")).isEqualTo(403);
            assertThat(get(gateway, "worse")).isEqualTo(403);
            assertThat(get(gateway, "worst")).isEqualTo(403);
            assertThat(feed.queries()).containsExactly("", "cursor=r+2%26x%3D%25");
            assertThat(metric(gateway, "resyncs_total")).isEqualTo(1);
        }
    }

    @Test
    void aServerThatFallsSilentIsAskedAnew() {
        config.put("hybrid.pushed.idle-timeout", "300ms");
        Behaviour whole = feed.says(TELLER.head("snapshot", "r-1"), ready("r-1"));
        Behaviour rest = feed.says(TELLER.head("resume", "r-1"), blocked("r-2", "bad"), ready("r-2"));
        // By what is asked and not by how often: on a slow machine the first connection may be over before it was
        // heard.
        feed.then(exchange -> (exchange.request().target().contains("cursor=") ? rest : whole).respond(exchange));
        try (TestGateway gateway = TestGateway.start(config)) {
            await().until(() -> get(gateway, "bad") == 403);
            assertThat(feed.queries()).startsWith("").contains("cursor=r-1");
        }
    }

    @Test
    void silenceBeyondTheLimitIsAFailureOfWhatIsNotKnown() {
        config.put("hybrid.stale-after", "1s");
        config.put("failure.normal.stale", "closed");
        feed.then(feed.says(HEAD, blocked("r-1", "bad"), ready("r-1")));
        try (TestGateway gateway = TestGateway.start(config)) {
            await().until(() -> metric(gateway, "entries") == 1);
            feed.stop();
            await().until(() -> get(gateway, "good") != 200);
            assertThat(gateway.failures(FailureReason.DECISION_STALE)).isPositive();
            assertThat(get(gateway, "bad")).isEqualTo(403);
            feed.restart();
            await().until(() -> get(gateway, "good") == 200);
        }
    }

    @Test
    void aRestartedGatewayEnforcesBeforeTheServerIsBack() {
        config.put("hybrid.snapshot", directory.resolve("snapshot").toString());
        feed.then(feed.says(HEAD, blocked("r-1", "bad"), ready("r-1")));
        try (TestGateway gateway = TestGateway.start(config)) {
            awaitReady(gateway);
        }
        feed.stop();
        try (TestGateway gateway = TestGateway.start(config)) {
            assertThat(get(gateway, "bad")).isEqualTo(403);
            assertThat(gateway.readiness()).isEqualTo(503);
            feed.restart();
            awaitReady(gateway);
            assertThat(get(gateway, "bad")).isEqualTo(403);
            assertThat(feed.queries()).containsOnly("");
        }
    }
}
