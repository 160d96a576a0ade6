package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.TransportConfig.Transport;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What depends on how sockets are driven, with each way of driving them. */
class TransportsIT {

    private static final int SIZE = 8 << 20;

    private static List<Transport> available() {
        return Stream.of(Transport.values()).filter(EventLoops::available).toList();
    }

    @ParameterizedTest
    @MethodSource("available")
    void requestsBodiesAndKeptConnections(Transport transport) {
        try (Scene scene = Scene.with("runtime.transport", transport.name())) {
            scene.origin.on("/down", Behaviours.stream(SIZE));
            try (RawClient client = scene.client()) {
                client.send(Scene.request("POST /up", "Content-Length: " + SIZE))
                        .sendPattern(SIZE);
                assertThat(client.readResponse().status()).isEqualTo(200);
                RawResponse down = client.send(Scene.request("GET /down")).readResponse();
                assertThat(down.bodyCrc32()).isEqualTo(Pattern.crc32(SIZE));
                client.send(Scene.request("GET /blocked") + Scene.request("GET /last"))
                        .halfClose();
                assertThat(client.readResponse().status()).isEqualTo(403);
                assertThat(client.readResponse().bodyText()).isEqualTo("GET /last\n");
                assertThat(client.isClosedByPeer()).isTrue();
            }
            assertThat(scene.origin.requests().get(0).bodyCrc32()).isEqualTo(Pattern.crc32(SIZE));
        }
    }

    @ParameterizedTest
    @MethodSource("available")
    void endsAndFailures(Transport transport) {
        try (Scene scene = Scene.with("runtime.transport", transport.name(), "limits.header-timeout", "200ms")) {
            scene.origin.on("/silent", Behaviours.silent());
            RawClient leaves = scene.client().send(Scene.request("GET /silent"));
            await().until(() -> scene.origin.requests().size() == 1);
            leaves.reset();
            await().until(() -> scene.gateway.failures(FailureReason.CLIENT_ABORTED) == 1);
            try (RawClient slow = scene.client().send("GET / HTTP/1.1\r\n")) {
                assertThat(slow.readResponse().status()).isEqualTo(408);
                assertThat(slow.isClosedByPeer()).isTrue();
            }
            try (RawClient refused = scene.client()) {
                refused.send(Scene.request("POST /blocked", "Content-Length: " + SIZE));
                new Thread(() -> refused.trySend(new byte[SIZE])).start();
                assertThat(refused.readResponse().status()).isEqualTo(403);
                assertThat(refused.isClosedByPeer()).isTrue();
            }
            scene.origin.stop();
            assertThat(scene.ask("GET /").status()).isEqualTo(502);
            await().until(() -> scene.gateway.metric("esper_client_connections") == 0);
        }
    }
}
