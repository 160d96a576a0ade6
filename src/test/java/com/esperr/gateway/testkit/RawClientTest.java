package com.esperr.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RawClientTest {

    private static final String GET = "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n";

    private final TestOrigin origin = TestOrigin.start();

    @AfterEach
    void stop() {
        origin.close();
    }

    @Test
    void readsContentLengthAndKeepsTheConnection() {
        try (RawClient client = RawClient.connect(origin.port())) {
            assertThat(client.send(GET).readResponse().bodyText()).isEqualTo("GET /a?b\n");
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
        }
        assertThat(origin.connectionsAccepted()).isEqualTo(1);
    }

    @Test
    void readsPipelinedResponsesOneByOne() {
        try (RawClient client = RawClient.connect(origin.port())) {
            client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("GET /1\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("GET /2\n");
        }
    }

    @Test
    void readsChunksAndTrailers() {
        origin.otherwise(Behaviours.chunkedWithTrailers(List.of("one ", "two"), "X-Sum: 7"));
        RawResponse response = RawClient.exchange(origin.port(), GET);
        assertThat(response.bodyText()).isEqualTo("one two");
        assertThat(response.trailers().only("x-sum")).isEqualTo("7");
    }

    @Test
    void readsNoBodyForHeadAnd204And304() {
        origin.on("/204", Behaviours.respond(204, "")).on("/304", Behaviours.respond(304, ""));
        try (RawClient client = RawClient.connect(origin.port())) {
            RawResponse head =
                    client.send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n").readResponse("HEAD");
            assertThat(head.header("Content-Length")).isEqualTo("8");
            assertThat(head.body()).isEmpty();
            assertThat(client.send("GET /204 HTTP/1.1\r\nHost: x\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(204);
            assertThat(client.send("GET /304 HTTP/1.1\r\nHost: x\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(304);
        }
    }

    @Test
    void readsABodyThatEndsWithTheConnection() {
        origin.otherwise(Behaviours.closeDelimited("until the end"));
        assertThat(RawClient.exchange(origin.port(), GET).bodyText()).isEqualTo("until the end");
    }

    @Test
    void keepsInterimHeadsApartFromTheResponse() {
        origin.otherwise(Behaviours.interim(List.of("103 Early Hints\r\nLink: </a>"), Behaviours.hello()));
        RawResponse response = RawClient.exchange(origin.port(), GET);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.interim()).containsExactly("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    }

    @Test
    void saysWhatItSawWhenTheRestDoesNotCome() {
        origin.otherwise(Behaviours.stallMidBody(10, 3, new CountDownLatch(1)));
        try (RawClient client = RawClient.connect(origin.port()).readTimeout(Duration.ofMillis(100))) {
            assertThatThrownBy(() -> client.send(GET).readResponse())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("nothing more within 100 ms")
                    .hasMessageContaining("HTTP/1.1 200 OK\\r\\n");
        }
    }

    @Test
    void refusesAResponseWithBothLengths() {
        origin.otherwise(Behaviours.verbatim(
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
        assertThatThrownBy(() -> RawClient.exchange(origin.port(), GET)).hasMessageContaining("ambiguous framing");
    }

    @Test
    void refusesABodyThatIsCutShort() {
        origin.otherwise(Behaviours.closeMidBody(10, 3));
        assertThatThrownBy(() -> RawClient.exchange(origin.port(), GET))
                .hasMessageContaining("7 of 10 body bytes missing");
    }

    @Test
    void noticesACloseAndAnOpenConnection() {
        try (RawClient client = RawClient.connect(origin.port()).readTimeout(Duration.ofMillis(50))) {
            client.send(GET).readResponse();
            assertThat(client.isClosedByPeer()).isFalse();
            origin.dropConnections();
            assertThat(client.readTimeout(Duration.ofSeconds(5)).isClosedByPeer())
                    .isTrue();
        }
    }

    @Test
    void readsOnAfterAHalfClose() {
        try (RawClient client = RawClient.connect(origin.port())) {
            assertThat(client.send(GET).halfClose().readResponse().status()).isEqualTo(200);
            assertThat(client.readUntilClose()).isEmpty();
        }
    }
}
