package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code run} as a process that is told to stop while it works: not ready, grace, drain, exit code 0. */
class ShutdownIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String SLOW = "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String QUICK = "GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final CountDownLatch latch = new CountDownLatch(1);
    private final TestOrigin origin = TestOrigin.start().on("/slow", Behaviours.stallUntil(latch, Behaviours.hello()));

    @AfterEach
    void stop() {
        latch.countDown();
        origin.close();
    }

    private GatewayProcess run(String... settings) {
        String[] arguments = new String[7 + 2 * settings.length];
        String[] first = {"run", "--origin", origin.url(), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"};
        System.arraycopy(first, 0, arguments, 0, first.length);
        for (int i = 0; i < settings.length; i++) {
            arguments[first.length + 2 * i] = "--set";
            arguments[first.length + 2 * i + 1] = settings[i];
        }
        return GatewayProcess.start(arguments);
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void requestsUnderWayFinishAndNewOnesAreTakenDuringTheGrace() {
        try (GatewayProcess gateway = run("shutdown.grace=4s");
                RawClient busy = RawClient.connect(gateway.port());
                RawClient idle = RawClient.connect(gateway.port())) {
            assertThat(idle.send(QUICK).readResponse().status()).isEqualTo(200);
            busy.send(SLOW);
            await().atMost(SOON).until(() -> origin.requests().size() == 2);
            await().atMost(SOON).until(() -> gateway.readiness() == 200);

            gateway.terminate();

            await().atMost(SOON).until(() -> gateway.readiness() == 503);
            RawResponse during = RawClient.exchange(gateway.port(), QUICK);
            assertThat(during.status()).isEqualTo(200);

            await().atMost(SOON).until(() -> !accepts(gateway.port()));
            assertThat(idle.isClosedByPeer()).isTrue();
            assertThat(gateway.isAlive()).isTrue();
            latch.countDown();
            RawResponse late = busy.readResponse();
            assertThat(late.status()).isEqualTo(200);
            assertThat(late.header("Connection")).isEqualTo("close");
            assertThat(busy.isClosedByPeer()).isTrue();
            assertThat(gateway.awaitExit()).isZero();
            assertThat(gateway.lines())
                    .anyMatch(line -> line.contains("not ready, still accepting for 4000 ms"))
                    .anyMatch(line -> line.endsWith("stopped"))
                    .noneMatch(line -> line.contains("are cut") || line.contains("Exception"));
            // Every request of a visitor is in the access log, the last one too.
            assertThat(gateway.count(line -> line.startsWith("{\"time\""))).isEqualTo(3);
        }
    }

    @Test
    void aRequestThatNeverEndsIsCutAfterTheDrain() {
        try (GatewayProcess gateway = run("shutdown.drain=1s");
                RawClient busy = RawClient.connect(gateway.port())) {
            busy.send(SLOW);
            await().atMost(SOON).until(() -> !origin.requests().isEmpty());
            gateway.terminate();
            assertThat(busy.readResponse().status()).isEqualTo(503);
            assertThat(busy.isClosedByPeer()).isTrue();
            assertThat(gateway.awaitExit()).isZero();
            assertThat(gateway.lines())
                    .anyMatch(line -> line.contains("\"failure\":\"draining\""))
                    .anyMatch(line -> line.contains("1 connections were still in use after shutdown.drain and are cut"))
                    .anyMatch(line -> line.endsWith("stopped"))
                    .noneMatch(line -> line.contains("Exception"));
        }
    }

    @Test
    void withNobodyThereItEndsAtOnce() {
        try (GatewayProcess gateway = run()) {
            gateway.port();
            assertThat(gateway.terminate().awaitExit()).isZero();
        }
    }
}
