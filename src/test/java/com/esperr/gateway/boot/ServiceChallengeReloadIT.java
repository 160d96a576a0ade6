package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.ChallengeForm;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The challenges of the decision service while it takes another configuration. */
class ServiceChallengeReloadIT {
    private static final String MARK = "esper_challenge_proof=";

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    private String visit(HttpRequest request) throws Exception {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isLessThan(400);
        return response.headers().firstValue("location").orElse(response.body());
    }

    private static URI opened(ServiceReloadScene scene) throws IOException {
        String decision = scene.ask(scene.staying(), "/login", "curl/8").bodyText();
        return URI.create(
                new ObjectMapper().readTree(decision).path("redirect_url").asText());
    }

    /** Passes the challenge; the proof. */
    private String passed(URI session) throws Exception {
        String page = visit(HttpRequest.newBuilder(session).build());
        String back = visit(HttpRequest.newBuilder(session)
                .POST(HttpRequest.BodyPublishers.ofString(ChallengeForm.pressed(page)))
                .build());
        assertThat(back).contains(MARK);
        return back.substring(back.indexOf(MARK) + MARK.length());
    }

    private static boolean counts(ServiceReloadScene scene, String proof) throws IOException {
        String said = scene.send(
                        scene.staying(), "/api/v1/challenge/proof/verify", "{\"proof_token\":\"" + proof + "\"}")
                .bodyText();
        return new ObjectMapper().readTree(said).path("valid").asBoolean();
    }

    @Test
    void keysThatWereReplacedInTheirFileCountNoMore() throws Exception {
        Path file = Files.writeString(directory.resolve("proof.keys"), "old " + "1a".repeat(32) + '\n');
        String keys = "server.challenge { key-file = \"" + file + "\", single-use = false }\n";
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, keys)) {
            String proof = passed(opened(scene));
            URI underWay = opened(scene);
            assertThat(counts(scene, proof)).isTrue();
            scene.change(keys);
            assertThat(counts(scene, proof)).isTrue();

            Files.writeString(file, "new " + "2b".repeat(32) + '\n');
            scene.change(keys);
            assertThat(counts(scene, proof)).isFalse();
            String next = passed(underWay);
            assertThat(counts(scene, next)).isTrue();

            Files.writeString(file, "not a key\n");
            scene.refuse(keys, "server.challenge.key-file");
            assertThat(counts(scene, next)).isTrue();
            Files.delete(file);
            scene.change(keys);
            assertThat(counts(scene, next)).isTrue();
            scene.passTime(5);
            scene.end();
        }
    }

    @Test
    void aPageThatAVisitorHasInFrontOfHimIsTakenUnderOtherTermsAsWell() throws Exception {
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, "")) {
            URI session = opened(scene);
            String page = visit(HttpRequest.newBuilder(session).build());
            scene.change("server.challenge.session-lifetime = 11m\nchallenge.max-lifetime = 2h\npages.name = Shop\n");
            String back = visit(HttpRequest.newBuilder(session)
                    .POST(HttpRequest.BodyPublishers.ofString(ChallengeForm.pressed(page)))
                    .build());
            assertThat(counts(scene, back.substring(back.indexOf(MARK) + MARK.length())))
                    .isTrue();
            scene.end();
        }
    }
}
