package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.OriginExchange;
import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A side that takes its time while the other has said everything and closed: not a byte is lost. */
class BackPressureIT {

    private static final int SIZE = 12 << 20;
    private static final int STEP = 64 << 10;

    private static TestOrigin origin;

    @BeforeAll
    static void start() {
        origin = TestOrigin.start();
    }

    @AfterAll
    static void stop() {
        origin.close();
    }

    @BeforeEach
    void forget() {
        origin.forget();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aSlowVisitorGetsTheWholeAnswerOfAnOriginThatHasClosed(String transport) {
        origin.otherwise(exchange -> {
            exchange.readBody().send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            Pattern.writeTo(exchange.out(), SIZE);
            exchange.close();
        });
        try (TestGateway gateway = gateway(transport);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("GET /large HTTP/1.0\r\nHost: gw.test\r\n\r\n").readHead();
            checkSlowly(client, gateway);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aSlowVisitorWhoHasClosedHisSideGetsTheWholeAnswer(String transport) {
        origin.otherwise(Behaviours.stream(SIZE));
        try (TestGateway gateway = gateway(transport);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("GET /large HTTP/1.1\r\nHost: gw.test\r\n\r\n").halfClose();
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            checkSlowly(client, gateway);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void everyRequestOfAVisitorWhoHasClosedHisSideIsAnswered(String transport) {
        origin.otherwise(Behaviours.hello());
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            requests.append("POST /").append(i).append(" HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 2\r\n\r\nok");
        }
        try (TestGateway gateway = gateway(transport);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(requests.toString()).halfClose();
            for (int i = 0; i < 50; i++) {
                assertThat(client.readResponse().bodyText()).isEqualTo("POST /" + i + "\n");
            }
            assertThat(client.readUntilClose()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aSlowOriginGetsTheWholeBodyOfAVisitorWhoHasClosedHisSide(String transport) {
        try (TestGateway gateway = gateway(transport);
                RawClient client = RawClient.connect(gateway.port())) {
            origin.otherwise(exchange -> readSlowly(exchange, gateway));
            client.send("POST /large HTTP/1.1\r\nHost: gw.test\r\nContent-Length: " + SIZE + "\r\n\r\n");
            client.sendPattern(SIZE).halfClose();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        ReceivedRequest seen = origin.onlyRequest();
        assertThat(seen.isComplete()).isTrue();
        assertThat(seen.bodyCrc32()).isEqualTo(Pattern.crc32(SIZE));
    }

    private static void checkSlowly(RawClient client, TestGateway gateway) {
        CRC32 crc = new CRC32();
        for (int left = SIZE; left > 0; left -= STEP) {
            crc.update(client.readBytes(STEP));
            takeTime(gateway);
        }
        assertThat(crc.getValue()).isEqualTo(Pattern.crc32(SIZE));
        assertThat(client.readUntilClose()).isEmpty();
    }

    private static void readSlowly(OriginExchange exchange, TestGateway gateway)
            throws IOException, InterruptedException {
        for (int left = SIZE; left > 0; left -= STEP) {
            exchange.readPartOfBody(STEP);
            takeTime(gateway);
        }
        Behaviours.hello().respond(exchange);
    }

    /** Does something else that takes as long as a round trip. */
    private static void takeTime(TestGateway gateway) {
        assertThat(gateway.readiness()).isPositive();
    }

    private static TestGateway gateway(String transport) {
        return TestGateway.start(Map.of("origin.url", origin.url(), "runtime.transport", transport));
    }
}
