package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RedisServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway under load that counts in a Redis, and is told while it runs of another one, of one that is not there, of another password. */
class StateReloadRedisIT {
    private static final String PATIENT = "failure.normal.connect = closed\ndecision.timeout = 50s\n";
    private static final String BY_SOMEBODY = "GET %s HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: Somebody\r\n\r\n";

    @TempDir
    private Path directory;

    private String policies;
    private RedisServer first;
    private RedisServer second;

    @BeforeEach
    void start() throws IOException {
        Path file = Files.writeString(directory.resolve("policies.conf"), """
                policies = [
                  { policy_id = all, clauses = [ { mitigation = monitor, window { seconds = 900, threshold = 1000000 } } ] }
                  { policy_id = once, clauses = [ { match { field = request_path, operator = Eq, value = /once },
                    entity = ip-user-agent, mitigation = block, lifetime = 1h } ] } ]
                """);
        policies = PATIENT + "policies.path = [ \"" + file + "\" ]\n";
        first = RedisServer.start();
        second = RedisServer.start("--requirepass", "secret");
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private String at(RedisServer server, String more) {
        return policies + "state { store = redis, redis { url = \"" + server.url()
                + "\", timeout = 30s, connect-timeout = 30s, back-off { first = 20ms, longest = 100ms }, " + more
                + " } }\n";
    }

    private static int once(ReloadScene scene) {
        return scene.ask(BY_SOMEBODY.formatted("/")).status();
    }

    private static String ready(ReloadScene scene) {
        return RawClient.exchange(scene.gateway().adminPort(), "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText();
    }

    private static double files(ReloadScene scene) {
        return scene.gateway().metric("process_files_open_files");
    }

    private static void isCountedIn(RedisServer server) {
        long before = server.number("DBSIZE");
        assertThat(before).isPositive();
        assertThat(server.command("KEYS", "esper:w:*")).contains("esper:w:");
    }

    @Test
    void twentyMovesBetweenTwoLoseNothingAndLeaveNothingBehind() {
        try (ReloadScene scene = new ReloadScene(directory, at(first, ""))) {
            assertThat(scene.ask(BY_SOMEBODY.formatted("/once")).status()).isEqualTo(403);
            double open = 0;
            for (int i = 0; i < 10; i++) {
                scene.change(at(second, "password = secret"));
                scene.passTime(10);
                assertThat(once(scene)).isEqualTo(403);
                scene.change(at(first, ""));
                scene.passTime(10);
                assertThat(once(scene)).isEqualTo(403);
                open = i == 0 ? files(scene) : open;
            }
            isCountedIn(first);
            isCountedIn(second);
            double most = open + 5;
            await().untilAsserted(() -> assertThat(files(scene)).isLessThanOrEqualTo(most));
            assertThat(scene.gateway().metrics().sum("esper_state_failures_total"))
                    .isZero();
            assertThat(scene.gateway().metrics().sum("esper_state_pending_writes"))
                    .isZero();
            assertThat(ready(scene)).contains("\"ready\":true");
            scene.finish();
        }
    }

    @Test
    void oneThatIsAwayIsInForceWithAWarningAndTakenOverWhenItComes() {
        String lenient = "failure.normal.connect = open\n";
        try (ReloadScene scene = new ReloadScene(directory, at(first, "") + lenient)) {
            assertThat(scene.ask(BY_SOMEBODY.formatted("/once")).status()).isEqualTo(403);
            second.kill();
            JsonNode said = scene.reload(at(second, "password = secret, connect-timeout = 300ms") + lenient);
            assertThat(said.get("result").asText()).isEqualTo("ok");
            assertThat(said.get("needs_restart")).isEmpty();
            assertThat(said.get("warnings").toString()).contains("state.redis").contains("not connected");
            assertThat(ready(scene)).contains("\"ready\":false").contains("not connected");
            assertThat(once(scene)).isEqualTo(403);
            second.restart();
            await().until(() -> ready(scene).contains("\"ready\":true"));
            assertThat(once(scene)).isEqualTo(403);
            await().untilAsserted(() -> isCountedIn(second));
            scene.finish();
        }
    }

    @Test
    void whereStateIsKeptNeedsARestartAndTheRestDoesNot() {
        try (ReloadScene scene = new ReloadScene(directory, at(first, ""))) {
            JsonNode said = scene.reload(policies + "state { store = memory, redis { url = \"" + first.url()
                    + "\", timeout = 30s, connect-timeout = 30s, queue = 77 } }\n");
            assertThat(said.get("needs_restart").toString()).isEqualTo("[\"state.store\"]");
            assertThat(said.get("changed").toString()).contains("state.redis.queue");
            assertThat(said.get("warnings")).isEmpty();
            assertThat(scene.gateway().metrics().sum("esper_fill_capacity", "what=redis_commands"))
                    .isEqualTo(77);
            scene.finish();
        }
    }
}
