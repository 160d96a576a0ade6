package com.esperr.gateway.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mode hybrid as a whole: visitors, Esper and origin on real sockets. */
class HybridIT {
    private final TestEsper esper = TestEsper.start();
    private final TestOrigin origin = TestOrigin.start();
    private final Map<String, String> config = new HashMap<>();

    @TempDir
    private Path directory;

    HybridIT() {
        config.put("mode", "hybrid");
        config.put("origin.url", origin.url());
        config.put("esper.api-url", esper.url());
        config.put("esper.api-key", TestEsper.API_KEY);
        config.put("esper.connect-timeout", "5s");
        config.put("decision.timeout", "10s");
    }

    @AfterEach
    void stop() {
        esper.close();
        origin.close();
    }

    private static RawResponse get(TestGateway gateway, String userAgent, String... lines) {
        return RawClient.exchange(
                gateway.port(),
                "GET /basket HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: " + userAgent + "\r\n" + String.join("", lines)
                        + "\r\n");
    }

    @Test
    void aMitigationIsAskedForOnceAndThenEnforcedWithoutACall() {
        esper.answer(json -> json.at("/request/user_agent").asText().equals("bad")
                ? EsperReply.block("no bots")
                : EsperReply.allow());
        try (TestGateway gateway = TestGateway.start(config)) {
            assertThat(get(gateway, "bad").status()).isEqualTo(403);
            esper.inject(Fault.REFUSED);
            for (int i = 0; i < 10; i++) {
                assertThat(get(gateway, "bad").status()).isEqualTo(403);
            }
            assertThat(esper.decisionCalls()).hasSize(1);
            assertThat(get(gateway, "good").status()).isEqualTo(200);
            assertThat(gateway.metric("esper_hybrid_lookups_total{result=\"hit\"}"))
                    .isEqualTo(10);
            assertThat(gateway.metric("esper_hybrid_entries")).isEqualTo(1);
            assertThat(esper.violations()).isEmpty();
        }
    }

    @Test
    void aCleanVisitorIsAskedAboutEachTime() {
        try (TestGateway gateway = TestGateway.start(config)) {
            assertThat(get(gateway, "good").status()).isEqualTo(200);
            assertThat(get(gateway, "good").status()).isEqualTo(200);
            assertThat(esper.decisionCalls()).hasSize(2);
        }
    }

    private void allowAndLearn() {
        config.put("hybrid.on-miss", "allow");
        config.put("beacon.mode", "on");
        config.put("esper.tenant-id", "acme");
        config.put("beacon.back-off.first", "20ms");
        config.put("beacon.back-off.longest", "100ms");
        config.put("beacon.spool.directory", directory.resolve("spool").toString());
    }

    private static EsperReply mitigation(String word) {
        return EsperReply.json("{\"item_id\":\"item-1\",\"lookup_entity_id\":\"entity-1\",\"active_mitigation\":"
                + (word == null ? "null" : "{\"decision\":\"" + word + "\"}") + "}");
    }

    private void say(String word) {
        esper.answerBeacon(
                json -> mitigation(json.at("/request/user_agent").asText().equals("bad") ? word : null));
    }

    @Test
    void onMissAllowLearnsFromTheBeaconAndNeverAsks() {
        allowAndLearn();
        say("Block");
        try (TestGateway gateway = TestGateway.start(config)) {
            assertThat(get(gateway, "bad").status()).isEqualTo(200);
            await().until(() -> gateway.metric("esper_hybrid_entries") == 1);
            assertThat(get(gateway, "bad").status()).isEqualTo(403);
            assertThat(get(gateway, "good").status()).isEqualTo(200);
            await().until(() -> gateway.metric("esper_beacon_sent_total") == 3);
            assertThat(gateway.metric("esper_beacon_answers_total{mitigation=\"block\"}"))
                    .isEqualTo(2);
            assertThat(gateway.metric("esper_beacon_answers_total{mitigation=\"allow\"}"))
                    .isEqualTo(1);
            assertThat(get(gateway, "good").status()).isEqualTo(200);
            assertThat(esper.decisionCalls()).isEmpty();
            assertThat(esper.violations()).isEmpty();
        }
    }

    @Test
    void anAnswerWithoutAMitigationEndsARememberedOne() {
        allowAndLearn();
        say("block");
        try (TestGateway gateway = TestGateway.start(config)) {
            get(gateway, "bad");
            await().until(() -> get(gateway, "bad").status() == 403);
            say(null);
            await().until(() -> get(gateway, "bad").status() == 200);
            await().until(() -> gateway.metric("esper_hybrid_entries") == 0);
            assertThat(esper.decisionCalls()).isEmpty();
        }
    }

    @Test
    void whatIsNotSaidAgainExpires() {
        allowAndLearn();
        config.put("hybrid.remember.block", "500ms");
        say("BLOCK");
        try (TestGateway gateway = TestGateway.start(config)) {
            get(gateway, "bad");
            await().until(() -> get(gateway, "bad").status() == 403);
            esper.inject(Fault.STATUS_503);
            await().until(() -> get(gateway, "bad").status() == 200);
        }
    }

    @Test
    void whatEsperSaysAfterARestartAboutEventsOfBeforeIsLearned() {
        allowAndLearn();
        config.put("hybrid.snapshot", directory.resolve("snapshot").toString());
        say("Block");
        esper.inject(Fault.REFUSED);
        try (TestGateway gateway = TestGateway.start(config)) {
            assertThat(get(gateway, "bad").status()).isEqualTo(200);
            await().until(() -> gateway.metric("esper_beacon_spooled_total") == 1);
        }
        esper.heal();
        try (TestGateway gateway = TestGateway.start(config)) {
            await().until(() -> gateway.metric("esper_hybrid_entries") == 1);
            assertThat(get(gateway, "bad").status()).isEqualTo(403);
        }
    }

    @Test
    void aChallengeThatIsLearnedUsesTheConfiguredPage() {
        allowAndLearn();
        config.put("challenge.url", "/challenge?back={return_url}");
        say("Challenge");
        try (TestGateway gateway = TestGateway.start(config)) {
            get(gateway, "bad");
            await().until(() -> gateway.metric("esper_hybrid_entries") == 1);
            RawResponse challenged = get(gateway, "bad", "Accept: text/html\r\n");
            assertThat(challenged.status()).isEqualTo(302);
            assertThat(challenged.header("location")).startsWith("/challenge?back=http");
        }
    }

    @Test
    void whoATrustedHopNamesIsLearnedUnderThatNameWhereverHeComesFrom() {
        allowAndLearn();
        config.put("client.trusted-proxies", "loopback");
        say("Block");
        try (TestGateway gateway = TestGateway.start(config)) {
            String key = "X-Esper-Hybrid-Key: k-1\r\n";
            get(gateway, "bad", key, "X-Forwarded-For: 203.0.113.1\r\n");
            await().until(() -> gateway.metric("esper_hybrid_entries") == 1);
            assertThat(get(gateway, "bad", key, "X-Forwarded-For: 203.0.113.2\r\n")
                            .status())
                    .isEqualTo(403);
            assertThat(get(gateway, "bad", "X-Forwarded-For: 203.0.113.1\r\n").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aSilentFeedShowsInReadinessAndFollowsTheFailureTable() {
        allowAndLearn();
        config.put("hybrid.stale-after", "300ms");
        config.put("failure.normal.stale", "closed");
        say(null);
        try (TestGateway gateway = TestGateway.start(config)) {
            get(gateway, "good");
            await().until(() -> gateway.metric("esper_beacon_sent_total") == 1);
            esper.inject(Fault.REFUSED);
            await().until(() -> gateway.readiness() == 503);
            assertThat(gateway.metric("esper_hybrid_feed_age_seconds{feed=\"learned\"}"))
                    .isGreaterThan(0.3);
            // On a busy machine who came first may have come too late already; he was counted before his event was
            // sent.
            double before = gateway.failures(FailureReason.DECISION_STALE);
            assertThat(before).isLessThanOrEqualTo(1);
            assertThat(get(gateway, "good").status()).isEqualTo(403);
            // Who is answered may know of it before those who count do.
            await().until(() -> gateway.failures(FailureReason.DECISION_STALE) == before + 1);
            esper.heal();
            await().until(() -> gateway.metric("esper_beacon_spool_events") == 0);
        }
    }

    @Test
    void onMissAllowMakesNoCallAtAll() {
        config.put("hybrid.on-miss", "allow");
        config.remove("esper.api-key");
        try (TestGateway gateway = TestGateway.start(config)) {
            assertThat(get(gateway, "bad").status()).isEqualTo(200);
            assertThat(esper.calls()).isEmpty();
        }
    }

    @Test
    void aRestartForgetsNothing() {
        config.put("hybrid.snapshot", directory.resolve("snapshot").toString());
        esper.answer(EsperReply.block("no bots"));
        try (TestGateway gateway = TestGateway.start(config)) {
            assertThat(get(gateway, "bad").status()).isEqualTo(403);
        }
        esper.answer(EsperReply.allow());
        try (TestGateway gateway = TestGateway.start(config)) {
            assertThat(get(gateway, "bad").status()).isEqualTo(403);
            assertThat(esper.decisionCalls()).hasSize(1);
        }
    }

    @Test
    void theHybridKeyIsHonouredAndPassedOnFromTrustedHopsOnly() {
        config.put("forward.hybrid-header", "true");
        esper.answer(EsperReply.block("that one"));
        String key = "X-Esper-Hybrid-Key: k-1\r\n";
        config.put("client.trusted-proxies", "loopback");
        try (TestGateway gateway = TestGateway.start(config)) {
            assertThat(get(gateway, "one", key).status()).isEqualTo(403);
            assertThat(get(gateway, "another", key).status()).isEqualTo(403);
            assertThat(esper.decisionCalls()).hasSize(1);
            esper.answer(EsperReply.allow());
            get(gateway, "another", "X-Esper-Hybrid-Key: k-2\r\n");
            assertThat(origin.onlyRequest().headers().all("x-esper-hybrid-key")).containsExactly("k-2");
        }
        origin.forget();
        esper.forget();
        config.put("client.trusted-proxies", "192.0.2.1");
        try (TestGateway gateway = TestGateway.start(config)) {
            assertThat(get(gateway, "one", key, "X_Esper_Hybrid_Key: k-1\r\n").status())
                    .isEqualTo(200);
            assertThat(origin.onlyRequest().headers().all("x-esper-hybrid-key")).isEmpty();
            assertThat(origin.onlyRequest().headers().all("x_esper_hybrid_key")).isEmpty();
        }
    }
}
