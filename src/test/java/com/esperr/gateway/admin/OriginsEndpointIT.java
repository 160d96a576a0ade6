package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What operators are shown of the applications behind the gateway. */
class OriginsEndpointIT {
    @Test
    void everyEndpointOfEveryOriginIsShownAsItStands() throws IOException {
        try (TestOrigin well = TestOrigin.start();
                TestOrigin gone = TestOrigin.start();
                TestGateway gateway = TestGateway.start(
                        "origins { shop { url = \"" + well.url() + "\" } }",
                        Map.of(
                                "origin.url", well.url() + "," + gone.url(),
                                "origin.balance", "round-robin",
                                "origin.outlier.failures", "1",
                                "origin.outlier.time", "1h",
                                "origin.outlier.longest", "1h"))) {
            gone.stop();
            for (int i = 0; i < 4; i++) {
                assertThat(RawClient.exchange(gateway.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                                .status())
                        .isEqualTo(200);
            }
            RawResponse reply =
                    RawClient.exchange(gateway.adminPort(), "GET /origins HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(reply.header("content-type")).isEqualTo("application/json");
            JsonNode origins = new ObjectMapper().readTree(reply.bodyText()).path("origins");
            assertThat(origins).hasSize(2);
            JsonNode main = origins.get(0);
            assertThat(main.path("name").asText()).isEqualTo("origin");
            assertThat(main.path("moved").asLong()).isEqualTo(1);
            assertThat(endpoint(main, 0)).isEqualTo(well.authority() + " up, ejected 0 times");
            assertThat(endpoint(main, 1)).isEqualTo(gone.authority() + " ejected, ejected 1 times");
            assertThat(origins.get(1).path("name").asText()).isEqualTo("shop");
            assertThat(endpoint(origins.get(1), 0)).isEqualTo(well.authority() + " up, ejected 0 times");
        }
    }

    private static String endpoint(JsonNode origin, int index) {
        JsonNode endpoint = origin.path("endpoints").get(index);
        assertThat(endpoint.path("load").asLong()).isZero();
        return endpoint.path("endpoint").asText() + " " + endpoint.path("state").asText() + ", ejected "
                + endpoint.path("ejections").asLong() + " times";
    }
}
