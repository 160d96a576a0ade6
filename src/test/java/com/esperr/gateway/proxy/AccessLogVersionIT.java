package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawHttp3Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The access log says in which version of HTTP a visitor spoke, whatever the origin speaks. */
class AccessLogVersionIT {
    @TempDir
    Path directory;

    @Test
    void ofVisitorsWithoutTls() throws IOException {
        Path log = directory.resolve("access.log");
        try (Scene scene = Scene.with("log.access", log.toString());
                RawHttp2Client client = RawHttp2Client.connect(scene.gateway.port())) {
            assertThat(client.exchange(1, "/two").status()).isEqualTo(200);
            assertThat(scene.ask("GET /one", "Connection: close").status()).isEqualTo(200);
            assertThat(line(log, "/two")).contains("\"protocol\":\"HTTP/2\"", "\"scheme\":\"http\"");
            assertThat(line(log, "/one")).contains("\"protocol\":\"HTTP/1.1\"", "\"scheme\":\"http\"");
        }
    }

    @Test
    void ofAVisitorWhoSpeaksHttp3() throws IOException {
        Path log = directory.resolve("access.log");
        try (Http3Scene scene = Http3Scene.with("log.access", log.toString());
                RawHttp3Client client = scene.client()) {
            assertThat(client.exchange("/three").status()).isEqualTo(200);
            assertThat(line(log, "/three")).contains("\"protocol\":\"HTTP/3\"", "\"scheme\":\"https\"");
        }
    }

    private static String line(Path log, String path) throws IOException {
        String part = "\"path\":\"" + path + "\"";
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.readAllLines(log).stream().anyMatch(line -> line.contains(part)));
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(part))
                .findFirst()
                .orElseThrow();
    }
}
