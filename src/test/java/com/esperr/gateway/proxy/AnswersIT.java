package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of the gateway's own, through the whole gateway: in the form the client understands, never stored, with one reference. */
class AnswersIT {

    private static final String NAVIGATION = "Sec-Fetch-Mode: navigate";
    private static final String BROWSER = "Accept: text/html,application/xhtml+xml,*/*;q=0.8";

    @TempDir
    private static Path directory;

    private static Path log;
    private static Scene scene;

    @BeforeAll
    static void start() {
        log = directory.resolve("access.log");
        scene = Scene.with("log.access", log.toString());
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void aNavigationThatIsBlockedIsShownAPage() {
        RawResponse response = scene.ask("GET /blocked", NAVIGATION, BROWSER);
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.header("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(response.header("content-security-policy")).isNotEmpty();
        assertThat(response.bodyText().toLowerCase(Locale.ROOT)).startsWith("<!doctype html");
    }

    @Test
    void aNavigationThatIsChallengedIsSentThere() {
        RawResponse response = scene.ask("GET /challenged?a=1", NAVIGATION, BROWSER);
        assertThat(response.status()).isEqualTo(302);
        assertThat(response.header("location"))
                .startsWith(Scene.CHALLENGE + "?back=http%3A%2F%2Fgw.test%2Fchallenged%3Fa%3D1&ref=")
                .endsWith(response.header("esper-reference"));
    }

    @Test
    void aFormThatIsChallengedIsNotSentThere() {
        RawResponse response = scene.ask("POST /challenged", NAVIGATION, BROWSER, "Content-Length: 0");
        assertThat(response.status()).isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: application/json",
                "Sec-Fetch-Mode: cors",
                "X-Requested-With: XMLHttpRequest",
                "Content-Type: application/json",
                "Accept: */*"
            })
    void aProgramThatIsChallengedIsGivenTheUrl(String header) {
        RawResponse response = scene.ask("GET /challenged", header);
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.header("content-type")).isEqualTo("application/problem+json");
        assertThat(response.bodyText()).contains("\"status\":403", "\"challenge_url\":\"" + Scene.CHALLENGE);
        assertThat(response.headers().has("location")).isFalse();
    }

    @Test
    void htmxIsToldToLeaveThePage() {
        RawResponse response = scene.ask("GET /challenged", "HX-Request: true", BROWSER);
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.header("hx-redirect")).startsWith(Scene.CHALLENGE);
        assertThat(response.header("content-type")).isEqualTo("application/problem+json");
    }

    @Test
    void aPartOfAPageIsALineOfText() {
        RawResponse response = scene.ask("GET /blocked", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image");
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.header("content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(response.bodyText()).hasLineCount(1);
    }

    @Test
    void aPreflightIsNeverChallengedAndABlockedOneHasNoBody() {
        String[] preflight = {"OPTIONS /challenged", "Origin: https://shop.test", "Access-Control-Request-Method: PUT"};
        assertThat(scene.ask(preflight).bodyText()).isEqualTo("OPTIONS /challenged\n");
        preflight[0] = "OPTIONS /blocked";
        RawResponse blocked = scene.ask(preflight);
        assertThat(blocked.status()).isEqualTo(403);
        assertThat(blocked.bodyLength()).isZero();
        assertThat(blocked.headers().has("content-type")).isFalse();
    }

    @Test
    void anOptionsThatIsNoPreflightIsChallenged() {
        assertThat(scene.ask("OPTIONS /challenged", "Origin: https://shop.test").status())
                .isEqualTo(403);
    }

    @Test
    void theAnswerToHeadHasTheLengthAndNotTheBody() {
        RawResponse response = RawHead.of(scene, "HEAD /blocked");
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.header("content-length")).isNotEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/blocked", "/challenged", "/%zz", "/%00"})
    void everyAnswerHasOneReferenceThatIsInTheLogAndIsNotStored(String path) {
        for (String form : List.of(NAVIGATION, "Accept: application/json", "Sec-Fetch-Dest: script")) {
            RawResponse response = scene.ask("GET " + path, form);
            String reference = response.headers().only("esper-reference");
            assertThat(reference).isNotEmpty();
            assertThat(response.headers().only("cache-control")).isEqualTo("no-store");
            assertThat(response.headers().only("date")).isNotEmpty();
            assertThat(response.bodyText()).contains(reference);
            await().untilAsserted(() -> assertThat(lines())
                    .filteredOn(line -> line.contains('"' + reference + '"'))
                    .hasSize(1));
        }
    }

    @Test
    void bytesThatAreNoRequestHaveAReferenceThatIsInTheLog() {
        RawResponse response = scene.ask("GET / ", "X : y");
        String reference = response.headers().only("esper-reference");
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.bodyText()).contains(reference);
        await().untilAsserted(() -> assertThat(lines())
                .filteredOn(line -> line.contains('"' + reference + '"'))
                .hasSize(1));
    }

    private static List<String> lines() throws IOException {
        return Files.readAllLines(log);
    }

    /** A HEAD is read as one. */
    private static final class RawHead {
        static RawResponse of(Scene scene, String line) {
            try (var client = scene.client()) {
                return client.send(Scene.request(line)).readResponse("HEAD");
            }
        }
    }
}
