package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of the operator's own in place of ours. */
class OwnPagesIT {
    private static final String NAVIGATION = "Accept: text/html";

    @TempDir
    private Path directory;

    @Test
    void peopleSeeTheOperatorsPageAndProgramsTheirOwnForm() throws IOException {
        Path gone = Files.writeString(directory.resolve("gone.html"), "<p>Back soon, says Zoë: {reference}</p>");
        try (Scene scene = Scene.with("pages.files.502", gone.toString())) {
            scene.origin.stop();
            RawResponse page = scene.ask("GET /", NAVIGATION, "Connection: close");
            assertThat(page.status()).isEqualTo(502);
            assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.header("cache-control")).isEqualTo("no-store");
            String reference = page.header("esper-reference");
            assertThat(new String(page.body(), StandardCharsets.UTF_8))
                    .isEqualTo("<p>Back soon, says Zoë: " + reference + "</p>");

            RawResponse problem = scene.ask("GET /", "Accept: application/json", "Connection: close");
            assertThat(problem.status()).isEqualTo(502);
            assertThat(problem.header("content-type")).isEqualTo("application/problem+json");
            RawResponse call = scene.ask("GET /", "Content-Type: application/grpc", "Connection: close");
            assertThat(call.header("grpc-status")).isEqualTo("14");
        }
    }

    @Test
    void aStatusWithoutAFileHasOurPage() throws IOException {
        Path gone = Files.writeString(directory.resolve("gone.html"), "gone");
        try (Scene scene = Scene.with("pages.files.502", gone.toString())) {
            RawResponse blocked = scene.ask("GET /blocked", NAVIGATION, "Connection: close");
            assertThat(blocked.status()).isEqualTo(403);
            assertThat(blocked.bodyText()).contains("<html");
        }
    }
}
