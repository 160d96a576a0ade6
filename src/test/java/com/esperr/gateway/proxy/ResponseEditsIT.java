package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the operator changes in the heads of responses, and what of them nobody changes. */
class ResponseEditsIT {
    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.with(
                "response.headers.set.X-Frame-Options",
                "DENY",
                "response.headers.add.Link",
                "</site.css>; rel=preload",
                "response.headers.remove",
                "X-Powered-By,Server");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void theOriginsResponsesAreEdited() {
        scene.origin.on(
                "/page",
                Behaviours.respond(
                        200, "hello", "X-Powered-By: x", "server: y", "x-frame-options: ALLOWALL", "Link: </a>"));
        RawResponse response = scene.ask("GET /page");
        assertThat(response.bodyText()).isEqualTo("hello");
        assertThat(response.headers().has("X-Powered-By")).isFalse();
        assertThat(response.headers().has("Server")).isFalse();
        assertThat(response.headers().only("X-Frame-Options")).isEqualTo("DENY");
        assertThat(response.headers().all("Link")).containsExactly("</a>", "</site.css>; rel=preload");
        assertThat(response.headers().only("Content-Length")).isEqualTo("5");
    }

    @Test
    void errorsOfTheOriginAreEdited() {
        scene.origin.on("/lost", Behaviours.respond(404, "no", "X-Powered-By: x"));
        RawResponse response = scene.ask("GET /lost");
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.headers().has("X-Powered-By")).isFalse();
        assertThat(response.headers().only("X-Frame-Options")).isEqualTo("DENY");
    }

    @Test
    void interimHeadsAreLeftAlone() {
        scene.origin.on(
                "/hints",
                Behaviours.interim(
                        List.of("103 Early Hints\r\nLink: </a.css>\r\nX-Powered-By: x"),
                        Behaviours.respond(200, "hello")));
        RawResponse response = scene.ask("GET /hints");
        assertThat(response.interim()).hasSize(1);
        assertThat(response.interim().get(0))
                .contains("X-Powered-By: x")
                .doesNotContain("X-Frame-Options")
                .doesNotContain("/site.css");
    }

    @Test
    void ourOwnRepliesAreLeftAlone() {
        RawResponse response = scene.ask("GET /blocked");
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.headers().has("Link")).isFalse();
    }
}
