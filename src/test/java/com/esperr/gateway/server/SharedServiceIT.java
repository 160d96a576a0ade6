package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Questions;
import com.esperr.gateway.testkit.RedisServer;
import com.esperr.gateway.testkit.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedServiceIT {
    @Test
    void servicesThatShareARedisKnowTheSameVisitorsAndKeepTenantsApart(@TempDir Path directory) throws IOException {
        try (RedisServer redis = RedisServer.start()) {
            Map<String, String> shared =
                    Map.of("state.store", "redis", "state.redis.url", "redis://127.0.0.1:" + redis.port());
            try (TestService one = TestService.start(Files.createDirectory(directory.resolve("one")), shared);
                    TestService two = TestService.start(Files.createDirectory(directory.resolve("two")), shared)) {
                await().until(() -> one.ask("", "GET", "/readyz", "").statusCode() == 200
                        && two.ask("", "GET", "/readyz", "").statusCode() == 200);
                tell(one, "a");
                tell(two, "b");
                assertThat(tell(one, "c")).contains("\"decision\":\"Block\"");
                await().until(() -> decide(two, "shop").contains("\"action\":\"block\""));
                assertThat(decide(two, "bank")).contains("\"action\":\"allow\"");
            }
        }
    }

    private static String tell(TestService service, String key) {
        return service.post(
                        "shop",
                        "/api/v1/beacon/event",
                        Questions.event("shop", key, "/signin", "198.51.100.1", "curl/8"))
                .body();
    }

    private static String decide(TestService service, String tenant) {
        String question = Questions.question("", "/basket", "198.51.100.1", "curl/8");
        return service.post(tenant, "/api/v1/runtime/mitigation", question.replace("\"idempotency_key\": \"\",", ""))
                .body();
    }
}
