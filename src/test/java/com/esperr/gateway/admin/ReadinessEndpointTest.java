package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessEndpointTest {
    private static final AdminRequest REQUEST = new AdminRequest("/readyz", null, null);

    @Test
    void readyIsEveryCheckInOrder() {
        AdminReply reply = answer(new ReadinessCheck("origin", () -> null), new ReadinessCheck("decision", () -> null));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(text(reply))
                .isEqualTo("{\"checks\":[{\"name\":\"origin\",\"ok\":true},{\"name\":\"decision\",\"ok\":true}],"
                        + "\"ready\":true}\n");
    }

    @Test
    void oneTroubleIsEnoughAndIsNamed() {
        AdminReply reply = answer(
                new ReadinessCheck("origin", () -> "refused \"it\""), new ReadinessCheck("decision", () -> null));
        assertThat(reply.status()).isEqualTo(503);
        assertThat(text(reply))
                .isEqualTo("{\"checks\":[{\"name\":\"origin\",\"ok\":false,\"trouble\":\"refused \\\"it\\\"\"},"
                        + "{\"name\":\"decision\",\"ok\":true}],\"ready\":false}\n");
    }

    @Test
    void aCheckThatFailsIsATrouble() {
        AdminReply reply = answer(new ReadinessCheck("origin", () -> {
            throw new IllegalStateException("gone");
        }));
        assertThat(reply.status()).isEqualTo(503);
        assertThat(text(reply)).contains("the check failed: java.lang.IllegalStateException: gone");
    }

    private static AdminReply answer(ReadinessCheck... checks) {
        return new ReadinessEndpoint(() -> List.of(checks)).answer(REQUEST);
    }

    private static String text(AdminReply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}
