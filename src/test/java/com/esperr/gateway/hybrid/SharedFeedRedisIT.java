package com.esperr.gateway.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RedisServer;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways in mode hybrid with one Redis: Esper is asked by one, and all know. */
class SharedFeedRedisIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RedisServer redis = RedisServer.start();
    private final TestEsper esper = TestEsper.start();
    private final TestOrigin origin = TestOrigin.start();
    private final Map<String, String> config = new HashMap<>();

    @TempDir
    private Path directory;

    SharedFeedRedisIT() {
        config.put("mode", "hybrid");
        config.put("origin.url", origin.url());
        config.put("esper.api-url", esper.url());
        config.put("esper.api-key", TestEsper.API_KEY);
        config.put("esper.connect-timeout", "5s");
        config.put("decision.timeout", "10s");
        config.put("hybrid.feed", "learned, shared");
        config.put("state.store", "redis");
        config.put("state.redis.url", redis.url());
        config.put("state.redis.timeout", "5s");
        esper.answer(json -> json.at("/request/user_agent").asText().startsWith("bad")
                ? EsperReply.block("no bots")
                : EsperReply.allow());
    }

    @AfterEach
    void stop() {
        redis.close();
        esper.close();
        origin.close();
    }

    private static int get(TestGateway gateway, String userAgent) {
        return RawClient.exchange(
                        gateway.port(),
                        "GET /basket HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: " + userAgent + "\r\n\r\n")
                .status();
    }

    private static void awaitReady(TestGateway... gateways) {
        for (TestGateway gateway : gateways) {
            await().atMost(PATIENCE).until(() -> gateway.readiness() == 200);
        }
    }

    private static double shared(TestGateway gateway) {
        return gateway.metric("esper_hybrid_feed_entries{feed=\"shared\"}");
    }

    @Test
    void oneAsksAndAllEnforce() {
        try (TestGateway one = TestGateway.start(config);
                TestGateway other = TestGateway.start(config)) {
            awaitReady(one, other);
            assertThat(get(one, "bad")).isEqualTo(403);
            await().until(() -> shared(other) == 1);
            assertThat(get(other, "bad")).isEqualTo(403);
            assertThat(esper.decisionCalls()).hasSize(1);
        }
    }

    @Test
    void withoutRedisEachGoesOnAndWhatWasLearnedIsHandedOnAfterwards() {
        config.put("hybrid.snapshot", directory.resolve("one").toString());
        Map<String, String> second = new HashMap<>(config);
        second.put("hybrid.snapshot", directory.resolve("other").toString());
        try (TestGateway other = TestGateway.start(second)) {
            try (TestGateway one = TestGateway.start(config)) {
                awaitReady(one, other);
                assertThat(get(one, "bad-1")).isEqualTo(403);
                await().until(() -> shared(other) == 1);
                redis.kill();
                await().atMost(PATIENCE).until(() -> one.readiness() == 503);
                assertThat(get(one, "bad-1")).isEqualTo(403);
                assertThat(get(other, "bad-1")).isEqualTo(403);
                assertThat(get(one, "good")).isEqualTo(200);
            }
            int asked = esper.decisionCalls().size();
            try (TestGateway restarted = TestGateway.start(config)) {
                assertThat(get(restarted, "bad-1")).isEqualTo(403);
                assertThat(esper.decisionCalls()).hasSize(asked);
                assertThat(get(restarted, "bad-2")).isEqualTo(403);
                redis.restart();
                awaitReady(restarted, other);
                await().atMost(PATIENCE).until(() -> shared(other) == 2);
                assertThat(get(other, "bad-2")).isEqualTo(403);
                assertThat(esper.decisionCalls()).hasSize(asked + 1);
            }
        }
    }
}
