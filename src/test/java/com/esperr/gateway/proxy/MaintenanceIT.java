package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What visitors are told while the site is worked on, who is not, and how that is switched. */
class MaintenanceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CLOSE = "Connection: close";

    @TempDir
    private Path directory;

    private @Nullable Scene scene;

    private Scene start(String... keysAndValues) {
        scene = Scene.with(keysAndValues);
        return scene;
    }

    @AfterEach
    void stop() {
        if (scene != null) {
            scene.close();
        }
    }

    @Test
    void everybodyIsToldWhenToComeBackWhateverWouldBeDecided() throws IOException {
        Path page = Files.writeString(directory.resolve("closed.html"), "closed, {reference}");
        Scene at = start(
                "maintenance.enabled", "true", "maintenance.retry-after", "5m", "maintenance.page", page.toString());
        RawResponse person = at.ask("GET /blocked", "Accept: text/html", CLOSE);
        assertThat(person.status()).isEqualTo(503);
        assertThat(person.header("retry-after")).isEqualTo("300");
        assertThat(person.header("cache-control")).isEqualTo("no-store");
        assertThat(person.bodyText()).isEqualTo("closed, " + person.header("esper-reference"));

        RawResponse program = at.ask("GET /", "Accept: application/json", CLOSE);
        assertThat(program.status()).isEqualTo(503);
        assertThat(program.header("retry-after")).isEqualTo("300");
        assertThat(program.header("content-type")).isEqualTo("application/problem+json");
        assertThat(at.ask("GET /", "Content-Type: application/grpc", CLOSE).header("grpc-status"))
                .isEqualTo("14");

        assertThat(at.origin.requests()).isEmpty();
        assertThat(at.gateway.readiness()).isEqualTo(200);
        assertThat(at.gateway.metric("esper_maintenance")).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> at.gateway.failures(FailureReason.MAINTENANCE) == 3);
    }

    @Test
    void theAddressThatCountsForAnExemptionIsTheVisitorsOwn() {
        Scene at = start(
                "maintenance.enabled", "true",
                "maintenance.exempt-clients", "198.51.100.0/24",
                "client.trusted-proxies", "loopback");
        assertThat(at.ask("GET /", "X-Forwarded-For: 198.51.100.7", CLOSE).status())
                .isEqualTo(200);
        assertThat(at.ask("GET /", "X-Forwarded-For: 203.0.113.9", CLOSE).status())
                .isEqualTo(503);
        assertThat(at.ask("GET /", CLOSE).status()).isEqualTo(503);
    }

    @Test
    void aFileSwitchesItOnByBeingThere() throws IOException {
        Path file = directory.resolve("maintenance");
        Scene at = start("maintenance.file", file.toString());
        assertThat(at.ask("GET /", CLOSE).status()).isEqualTo(200);
        Files.createFile(file);
        await().atMost(PATIENCE).until(() -> at.ask("GET /", CLOSE).status() == 503);
        assertThat(operator(at, "DELETE").bodyText()).contains("\"on\":true,\"ordered\":false,\"file\":");
        Files.delete(file);
        await().atMost(PATIENCE).until(() -> at.ask("GET /", CLOSE).status() == 200);
    }

    @Test
    void anOperatorSwitchesItAndMustSayWhoHeIs() {
        Scene at = start();
        assertThat(at.ask("GET /", CLOSE).status()).isEqualTo(200);
        RawResponse nameless = RawClient.exchange(
                at.gateway.adminPort(), "POST /maintenance HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        assertThat(nameless.status()).isEqualTo(403);
        assertThat(operator(at, "POST").bodyText()).isEqualTo("{\"on\":true,\"ordered\":true}\n");
        assertThat(at.ask("GET /", CLOSE).status()).isEqualTo(503);
        assertThat(operator(at, "DELETE").bodyText()).isEqualTo("{\"on\":false,\"ordered\":false}\n");
        assertThat(at.ask("GET /", CLOSE).status()).isEqualTo(200);
    }

    private static RawResponse operator(Scene at, String method) {
        return RawClient.exchange(
                at.gateway.adminPort(),
                method
                        + " /maintenance HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: ada\r\nContent-Length: 0\r\n\r\n");
    }
}
