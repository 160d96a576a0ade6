package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the visitor is told, and what is counted, when the origin is away, busy, slow or silent. */
class OriginFaultsIT {

    private final CountDownLatch released = new CountDownLatch(1);
    private @Nullable Scene scene;

    private Scene start(String... keysAndValues) {
        scene = Scene.with(keysAndValues);
        return scene;
    }

    @AfterEach
    void stop() {
        released.countDown();
        if (scene != null) {
            scene.close();
        }
    }

    @Test
    void anOriginThatRefusesIs502UntilItIsBack() {
        Scene at = start();
        at.origin.stop();
        try (RawClient client = at.client()) {
            assertThat(client.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(502);
            assertThat(client.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(502);
            at.origin.restart();
            assertThat(client.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(200);
        }
        await().until(() -> at.gateway.failures(FailureReason.ORIGIN_CONNECT) == 2);
    }

    @Test
    void anOriginThatDoesNotAcceptIs504() throws IOException {
        List<Socket> queue = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(full, queue);
            Scene at =
                    start("origin.url", "http://127.0.0.1:" + full.getLocalPort(), "origin.connect-timeout", "100ms");
            assertThat(at.ask("GET /").status()).isEqualTo(504);
            await().until(() -> at.gateway.failures(FailureReason.ORIGIN_CONNECT_TIMEOUT) == 1);
        } finally {
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    /** Connects until the kernel answers no more, because nobody accepts. */
    private static void fill(ServerSocket listener, List<Socket> queue) throws IOException {
        boolean room = true;
        while (room) {
            Socket socket = new Socket();
            queue.add(socket);
            try {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()), 200);
            } catch (SocketTimeoutException e) {
                room = false;
            }
        }
    }

    @Test
    void anOriginThatDoesNotAnswerIs504AndTheConnectionToItIsGivenUp() {
        Scene at = start("origin.response-timeout", "200ms");
        at.origin.on("/silent", Behaviours.silent());
        try (RawClient client = at.client()) {
            assertThat(client.send(Scene.request("GET /silent")).readResponse().status())
                    .isEqualTo(504);
            at.origin.onlyRequest();
            assertThat(client.send(Scene.request("GET /next")).readResponse().status())
                    .isEqualTo(200);
        }
        await().until(() -> at.gateway.failures(FailureReason.ORIGIN_TIMEOUT) == 1);
        await().until(() -> at.gateway.metric("esper_requests_open") == 0);
        // What we said in the origin's place is not how fast it was.
        assertThat(at.gateway.metric("esper_upstream_seconds_count")).isEqualTo(1);
    }

    @Test
    void aBodyThatPausesTooLongIsCutWhereItStopped() {
        Scene at = start("origin.idle-timeout", "200ms");
        at.origin.on("/pause", Behaviours.stallMidBody(1000, 10, released));
        try (RawClient client = at.client().send(Scene.request("GET /pause"))) {
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            client.readBytes(10);
            assertThat(client.readUntilClose()).isEmpty();
        }
        await().until(() -> at.gateway.failures(FailureReason.ORIGIN_TIMEOUT) == 1);
    }

    @Test
    void aRequestBodyThatTheOriginDoesNotTakeIs504() {
        Scene at = start("origin.idle-timeout", "300ms");
        at.origin.on("/upload", Behaviours.stallUntil(released, Behaviours.hello()));
        long size = 64 << 20;
        try (RawClient client = at.client().send(Scene.request("POST /upload", "Content-Length: " + size))) {
            Thread sender = new Thread(() -> client.trySend(new byte[(int) size]));
            sender.start();
            assertThat(client.readResponse().status()).isEqualTo(504);
        }
        await().until(() -> at.gateway.failures(FailureReason.ORIGIN_TIMEOUT) == 1);
    }

    @Test
    void aChunkedBodyThatTheOriginDoesNotTakeIs504AndTheClientIsLetGo() {
        Scene at = start("origin.idle-timeout", "300ms");
        at.origin.on("/upload", Behaviours.stallUntil(released, Behaviours.hello()));
        try (RawClient client = at.client().send(Scene.request("POST /upload", "Transfer-Encoding: chunked"))) {
            byte[] size = new byte[64 << 20];
            Thread sender = new Thread(() -> {
                client.send("4000000\r\n");
                client.trySend(size);
            });
            sender.start();
            assertThat(client.readResponse().status()).isEqualTo(504);
            assertThat(client.isClosedByPeer()).isTrue();
        }
        await().until(() -> at.gateway.metric("esper_requests_open") == 0);
    }

    @Test
    void anOriginThatDiesUnderAnUploadIs502AndTheClientIsLetGo() {
        Scene at = start();
        at.origin.on("/upload", exchange -> exchange.hold(released).reset());
        try (RawClient client = at.client().send(Scene.request("POST /upload", "Transfer-Encoding: chunked"))) {
            byte[] size = new byte[64 << 20];
            Thread sender = new Thread(() -> {
                client.send("4000000\r\n");
                client.trySend(size);
            });
            sender.start();
            at.origin.awaitBytes(1 << 16);
            released.countDown();
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(client.isClosedByPeer()).isTrue();
        }
        await().until(() -> at.gateway.metric("esper_requests_open") == 0);
    }

    @Test
    void whoFindsThePoolAndItsQueueFullIs503AtOnceAndWhoWaitsTooLongIsLater() {
        Scene at = start("origin.max-connections", "1", "origin.max-waiting", "1", "origin.max-wait", "300ms");
        at.origin.on("/held", Behaviours.stallUntil(released, Behaviours.hello()));
        try (RawClient holder = at.client().send(Scene.request("GET /held"));
                RawClient waiter = at.client()) {
            await().until(() -> at.origin.requests().size() == 1);
            waiter.send(Scene.request("GET /waits"));
            await().until(() -> at.gateway.metric("esper_upstream_waiting") == 1);
            RawResponse refused = at.ask("GET /one-too-many");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers().has("retry-after")).isTrue();
            assertThat(waiter.readResponse().status()).isEqualTo(503);
            released.countDown();
            assertThat(holder.readResponse().status()).isEqualTo(200);
        }
        assertThat(at.origin.requests()).hasSize(1);
        await().until(() -> at.gateway.failures(FailureReason.ORIGIN_BUSY) == 2);
        assertThat(at.gateway.metric("esper_upstream_waiting")).isZero();
    }

    @Test
    void whoWaitsGetsTheConnectionThatBecomesFree() {
        Scene at = start("origin.max-connections", "1", "origin.max-wait", "10s");
        at.origin.on("/held", Behaviours.stallUntil(released, Behaviours.hello()));
        try (RawClient holder = at.client().send(Scene.request("GET /held"));
                RawClient waiter = at.client()) {
            await().until(() -> at.origin.requests().size() == 1);
            waiter.send(Scene.request("GET /waits"));
            await().until(() -> at.gateway.metric("esper_upstream_waiting") == 1);
            released.countDown();
            assertThat(holder.readResponse().status()).isEqualTo(200);
            assertThat(waiter.readResponse().bodyText()).isEqualTo("GET /waits\n");
        }
        assertThat(at.origin.requests().get(1).indexOnConnection()).isEqualTo(1);
    }

    @Test
    void theOneConnectionThatTurnsOutToBeClosedLeavesItsPlaceToItsSuccessor() {
        Scene at = start("origin.max-connections", "1", "origin.max-waiting", "0");
        at.origin.on("/", Behaviours.inTurn(Behaviours.hello(), Behaviours.closeWithoutReply(), Behaviours.hello()));
        try (RawClient client = at.client()) {
            assertThat(client.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(200);
            assertThat(client.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(200);
        }
        await().until(() -> at.gateway.metric("esper_upstream_retries_total") == 1);
    }

    @Test
    void aVisitorWhoLeavesTheQueueMakesRoomInIt() {
        Scene at = start("origin.max-connections", "1", "origin.max-waiting", "1", "origin.max-wait", "10s");
        at.origin.on("/held", Behaviours.stallUntil(released, Behaviours.hello()));
        try (RawClient holder = at.client().send(Scene.request("GET /held"));
                RawClient leaver = at.client();
                RawClient waiter = at.client()) {
            await().until(() -> at.origin.requests().size() == 1);
            leaver.send(Scene.request("GET /leaves"));
            await().until(() -> at.gateway.metric("esper_upstream_waiting") == 1);
            leaver.reset();
            await().until(() -> at.gateway.metric("esper_upstream_waiting") == 0);
            waiter.send(Scene.request("GET /waits"));
            await().until(() -> at.gateway.metric("esper_upstream_waiting") == 1);
            released.countDown();
            assertThat(holder.readResponse().status()).isEqualTo(200);
            assertThat(waiter.readResponse().status()).isEqualTo(200);
        }
        assertThat(at.origin.requests()).hasSize(2);
    }

    @Test
    void aKeptConnectionIsClosedAfterTheKeepAliveTime() {
        Scene at = start("origin.keep-alive", "100ms");
        assertThat(at.ask("GET /").status()).isEqualTo(200);
        await().until(() -> at.gateway.metric("esper_upstream_connections{state=\"idle\"}") == 0);
        await().until(() -> at.origin.connectionsOpen() == 0);
    }
}
