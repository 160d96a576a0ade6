package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.SteadyLoad;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.TransportConfig.Transport;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One process after the other takes over from the one before while visitors ask without a break. How often, the property
 * {@code rolling.restarts} says.
 */
class RollingRestartIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int RESTARTS = Integer.getInteger("rolling.restarts", 5);

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start(Behaviours.respond(200, "here\n"));
    private final List<GatewayProcess> started = new ArrayList<>();

    @BeforeEach
    void epoll() {
        assumeThat(EventLoops.available(Transport.EPOLL)).isTrue();
    }

    @AfterEach
    void stop() {
        started.forEach(GatewayProcess::close);
        origin.close();
    }

    private GatewayProcess start(String listen, String admin, String... more) {
        return startBefore(origin.url(), listen, admin, more);
    }

    private GatewayProcess startBefore(String url, String listen, String admin, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--origin",
                url,
                "--listen",
                listen,
                "--admin",
                admin,
                "--set",
                "handover.socket=" + directory.resolve("handover.sock"),
                "--set",
                "runtime.transport=epoll",
                "--set",
                "log.access=off"));
        Arrays.stream(more).forEach(keyAndValue -> arguments.addAll(List.of("--set", keyAndValue)));
        GatewayProcess process = GatewayProcess.start(
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"), Map.of(), arguments.toArray(new String[0]));
        started.add(process);
        return process;
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void noRequestFailsWhileProcessesTakeOverFromOneAnother() {
        GatewayProcess running = start("127.0.0.1:0", "127.0.0.1:0", "shutdown.grace=2s");
        String listen = "127.0.0.1:" + running.port();
        String admin = "127.0.0.1:" + running.adminPort();
        try (SteadyLoad load = SteadyLoad.at(running.port(), 2, 2)) {
            for (int i = 1; i <= RESTARTS; i++) {
                long answered = load.answered();
                GatewayProcess next = start(listen, admin, "shutdown.grace=2s");
                assertThat("127.0.0.1:" + next.port()).isEqualTo(listen);
                assertThat(running.awaitExit()).isZero();
                assertThat(running.lines()).noneMatch(line -> line.contains("Exception") || line.contains("are cut"));
                running.close();
                started.remove(running);
                running = next;
                await().atMost(SOON).until(() -> load.answered() > answered);
                // Millions of requests by the hundredth restart: a collection of so much stopped everybody here for
                // longer than a visitor waits.
                origin.forget();
                assertThat(load.failures()).as("failures in restart " + i).isEmpty();
            }
            load.close();
            assertThat(load.failures()).isEmpty();
            System.err.println(
                    RESTARTS + " restarts, " + load.answered() + " requests answered on " + load.connections()
                            + " connections, " + load.failures().size() + " failed, " + load.repeated()
                            + " sent again on another connection");
        }
    }

    @Test
    void aProcessThatCannotServeLeavesTheOneBeforeInPeace() {
        GatewayProcess running = start("127.0.0.1:0", "127.0.0.1:0");
        int port = running.port();
        await().atMost(SOON).until(() -> running.readiness() == 200);
        GatewayProcess next = startBefore(
                "http://127.0.0.1:1",
                "127.0.0.1:" + port,
                "127.0.0.1:" + running.adminPort(),
                "handover.ready-timeout=1s");
        assertThat(next.awaitExit()).isEqualTo(1);
        assertThat(next.lines()).anyMatch(line -> line.contains("handover.ready-timeout: 1 s and still not ready"));
        assertThat(RawClient.exchange(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").status())
                .isEqualTo(200);
        assertThat(running.isAlive()).isTrue();
        assertThat(running.readiness()).isEqualTo(200);
    }

    @Test
    void aUnixSocketIsTakenOverAsWellAndTheFilesGoWithTheLast() throws IOException {
        Path socket = directory.resolve("visitors.sock");
        GatewayProcess running = start("unix:" + socket, "127.0.0.1:0");
        String admin =
                running.awaitLine(line -> line.contains("operator port ")).replaceFirst(".*operator port ", "");
        assertThat(ask(socket)).startsWith("HTTP/1.1 200 ");
        GatewayProcess next = start("unix:" + socket, "127.0.0.1:" + admin);
        assertThat(running.awaitExit()).isZero();
        next.awaitLine(line -> line.contains("operator port " + admin));
        assertThat(ask(socket)).startsWith("HTTP/1.1 200 ");
        assertThat(next.terminate().awaitExit()).isZero();
        assertThat(socket).doesNotExist();
        assertThat(directory.resolve("handover.sock")).doesNotExist();
        assertThat(directory).isEmptyDirectory();
    }

    private static String ask(Path socket) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(
                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0) {
                // Until it is closed.
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void whoIsToldTwiceToStopDoesNotWaitForTheGrace() {
        GatewayProcess gateway = start("127.0.0.1:0", "127.0.0.1:0", "shutdown.grace=1h");
        await().atMost(SOON).until(() -> gateway.readiness() == 200);
        gateway.terminate();
        await().atMost(SOON).until(() -> gateway.metrics().sum("esper_drain_phase", "phase=grace") == 1);
        assertThat(RawClient.exchange(gateway.port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                        .status())
                .isEqualTo(200);
        gateway.terminate();
        assertThat(gateway.awaitExit()).isZero();
        assertThat(gateway.lines()).anyMatch(line -> line.contains("told again to, in phase grace"));
    }
}
