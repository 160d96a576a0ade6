package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.RedisServer;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways with one Redis roll out together: on, back, and where they were when one of them is started again. */
class RolloutRedisIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String CLAUSE =
            "policies = [ { policy_id = %s, clauses = [ { match { field = request_path, operator = Eq, value = \"%s\" }, mitigation = block } ] } ]";

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
        Path now = Files.writeString(directory.resolve("now.conf"), CLAUSE.formatted("now", "/now"));
        Path next = Files.writeString(directory.resolve("next.conf"), CLAUSE.formatted("next", "/next"));
        TestGateway gateway = TestGateway.start(Map.of(
                "origin.url", origin.url(),
                "client.trusted-proxies", "loopback",
                "policies.path", now.toString(),
                "rollout.path", next.toString(),
                "rollout.stages", "0%, 50%",
                "rollout.requests", "1000000",
                "state.store", "redis",
                "state.redis.url", redis.url(),
                "state.redis.timeout", "5s"));
        await().atMost(LONG).until(() -> gateway.readiness() == 200);
        return gateway;
    }

    private static void order(TestGateway gateway, String order) {
        RawResponse answer = RawClient.exchange(
                gateway.adminPort(),
                "POST /rollout?order=" + order
                        + " HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: anna\r\nContent-Length: 0\r\n\r\n");
        assertThat(answer.status()).isEqualTo(200);
    }

    private static void awaitState(TestGateway gateway, String state, String share) {
        await().atMost(LONG).until(() -> {
            var told = new ObjectMapper()
                    .readTree(
                            RawClient.exchange(gateway.adminPort(), "GET /rollout HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                    .bodyText());
            return told.path("state").asText().equals(state)
                    && told.path("share").asText().equals(share);
        });
    }

    private static int get(TestGateway gateway, String path, int visitor) {
        return RawClient.exchange(
                        gateway.port(),
                        "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-For: 198.51.100." + visitor
                                + "\r\n\r\n")
                .status();
    }

    @Test
    void theyGoOnAndBackTogetherAndOneThatStartsLaterJoinsThem() throws IOException {
        try (TestGateway one = start();
                TestGateway other = start()) {
            awaitState(one, "running", "0 %");
            awaitState(other, "running", "0 %");
            order(one, "next");
            awaitState(other, "running", "50 %");
            try (TestGateway later = start()) {
                awaitState(later, "running", "50 %");
                for (int visitor = 1; visitor < 40; visitor++) {
                    int status = get(one, "/next", visitor);
                    assertThat(get(other, "/next", visitor)).isEqualTo(status);
                    assertThat(get(later, "/next", visitor)).isEqualTo(status);
                }
            }
            order(other, "abort");
            awaitState(one, "aborted", "0 %");
            assertThat(get(one, "/next", 1)).isEqualTo(200);
            order(other, "promote");
            awaitState(one, "promoted", "100 %");
        }
        try (TestGateway again = start()) {
            awaitState(again, "promoted", "100 %");
            assertThat(get(again, "/next", 1)).isEqualTo(403);
            assertThat(get(again, "/now", 1)).isEqualTo(200);
        }
    }
}
