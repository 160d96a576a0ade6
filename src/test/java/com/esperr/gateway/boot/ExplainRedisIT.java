package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.RedisServer;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways with one Redis: whichever is asked explains what any of them answered. */
class ExplainRedisIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String POLICIES = """
            policies = [ { policy_id = door, clauses = [ { name = shut
              match { field = "cookie[account]", operator = Eq, value = canary-5f2a91 }, mitigation = block } ] } ]
            """;

    @TempDir
    private Path directory;

    private final RedisServer redis = RedisServer.start();
    private final TestOrigin origin = TestOrigin.start();

    @AfterEach
    void stop() {
        redis.close();
        origin.close();
    }

    private TestGateway start() throws IOException {
        Path policies = Files.writeString(directory.resolve("policies.conf"), POLICIES);
        return TestGateway.start(Map.of(
                "origin.url", origin.url(),
                "policies.path", policies.toString(),
                "state.store", "redis",
                "state.redis.url", redis.url(),
                "state.redis.timeout", "5s"));
    }

    private static RawResponse blocked(TestGateway gateway) {
        return RawClient.exchange(
                gateway.port(), "GET /any HTTP/1.1\r\nHost: shop.test\r\nCookie: account=canary-5f2a91\r\n\r\n");
    }

    private static RawResponse explained(TestGateway gateway, String reference) {
        return RawClient.exchange(
                gateway.adminPort(), "GET /explain/" + reference + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    @Test
    void anotherReplicaExplainsAndSoDoesOneThatStartsLater() throws IOException {
        String reference;
        try (TestGateway one = start();
                TestGateway other = start()) {
            await().atMost(LONG).until(() -> one.readiness() == 200 && other.readiness() == 200);
            RawResponse answer = blocked(one);
            assertThat(answer.status()).isEqualTo(403);
            reference = answer.header("Esper-Reference");
            RawResponse told =
                    await().atMost(LONG).until(() -> explained(other, reference), found -> found.status() == 200);
            JsonNode explanation = new ObjectMapper().readTree(told.bodyText());
            assertThat(explanation.at("/decision/policy").asText()).isEqualTo("door");
            assertThat(explanation.at("/policies/asked/0/clauses/0/condition").asBoolean())
                    .isTrue();
            assertThat(told.bodyText()).doesNotContain("canary-5f2a91");
            assertThat(other.metric("esper_explain_shared")).isOne();
        }
        try (TestGateway later = start()) {
            await().atMost(LONG).until(() -> explained(later, reference).status() == 200);
        }
    }

    @Test
    void withoutRedisAReplicaStillExplainsItsOwn() throws IOException {
        try (TestGateway one = start()) {
            await().atMost(LONG).until(() -> one.readiness() == 200);
            redis.kill();
            String reference = blocked(one).header("Esper-Reference");
            await().atMost(LONG).until(() -> explained(one, reference).status() == 200);
        }
    }
}
