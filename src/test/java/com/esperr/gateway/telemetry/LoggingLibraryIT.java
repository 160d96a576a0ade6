package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configurations of the logging library in {@code conf/logback}, used as their comments say. */
class LoggingLibraryIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REQUESTS = 300;

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();

    @AfterEach
    void stop() {
        origin.close();
    }

    private GatewayProcess gateway(String file, Map<String, String> environment) {
        return GatewayProcess.start(
                List.of("-Dlogback.configurationFile=conf/logback/" + file),
                environment,
                "run",
                "--origin",
                origin.url(),
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--set",
                "log.access=logger");
    }

    private static void get(GatewayProcess gateway, String path) {
        assertThat(RawClient.exchange(gateway.port(), "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    private static void changeALevel(GatewayProcess gateway) {
        assertThat(RawClient.exchange(
                                gateway.adminPort(),
                                "POST /loggers?name=cloud&level=debug HTTP/1.1\r\nHost: localhost\r\n"
                                        + "X-Esper-Operator: test\r\nContent-Length: 0\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void filesRotateBySizeAndNoLineIsLost() throws IOException {
        Map<String, String> small =
                Map.of("LOG_DIRECTORY", directory.toString(), "ACCESS_FILE_SIZE", "16KB", "LOG_FILE_SIZE", "1KB");
        try (GatewayProcess gateway = gateway("files.xml", small)) {
            for (int i = 0; i < REQUESTS; i++) {
                get(gateway, "/page/" + i);
            }
            for (int i = 0; i < 60; i++) {
                changeALevel(gateway);
            }
            assertThat(gateway.terminate().awaitExit()).isZero();
            assertThat(gateway.count(line -> line.contains("/page/")))
                    .as("on standard output")
                    .isZero();
        }
        List<Path> access = files("access");
        assertThat(access).hasSizeGreaterThan(2);
        assertThat(access)
                .filteredOn(file -> file.toString().endsWith(".log.gz"))
                .hasSizeGreaterThan(1);
        List<String> paths = new ArrayList<>();
        for (Path file : access) {
            for (String line : lines(file)) {
                paths.add(JSON.readTree(line).path("path").asText());
            }
        }
        assertThat(paths)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, REQUESTS).mapToObj(i -> "/page/" + i).toList());
        List<Path> messages = files("gateway");
        assertThat(messages).hasSizeGreaterThan(1);
        assertThat(messages.stream().flatMap(file -> lines(file).stream()))
                .filteredOn(
                        line -> line.contains("LoggersEndpoint: log: level of com.esperr.gateway.cloud is debug now"))
                .hasSize(60);
    }

    @Test
    void syslogGetsMessagesAndTheAccessLogAsDatagrams() throws IOException {
        try (DatagramSocket syslog = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            syslog.setSoTimeout(500);
            Map<String, String> here =
                    Map.of("SYSLOG_HOST", "127.0.0.1", "SYSLOG_PORT", Integer.toString(syslog.getLocalPort()));
            try (GatewayProcess gateway = gateway("syslog.xml", here)) {
                List<String> received = new ArrayList<>();
                await().atMost(Duration.ofSeconds(30)).until(() -> {
                    // Datagrams may be lost, even here, if the machine is busy.
                    get(gateway, "/asked?for=it");
                    changeALevel(gateway);
                    receive(syslog, received);
                    return received.stream().anyMatch(line -> line.contains("esper-access: {"))
                            && received.stream().anyMatch(line -> line.contains("esper-gateway: INFO"));
                });
                assertThat(received)
                        .filteredOn(line -> line.contains("esper-access: {"))
                        .allSatisfy(line -> {
                            assertThat(line).startsWith("<134>").doesNotContain("\n");
                            String json = line.substring(line.indexOf('{'));
                            assertThat(JSON.readTree(json).path("path").asText())
                                    .isEqualTo("/asked");
                        });
                assertThat(received)
                        .filteredOn(line -> line.contains("is debug now, by test"))
                        .isNotEmpty()
                        .allSatisfy(line -> assertThat(line).startsWith("<30>"));
            }
        }
    }

    private static void receive(DatagramSocket socket, List<String> received) throws IOException {
        byte[] space = new byte[64 * 1024];
        while (true) {
            DatagramPacket packet = new DatagramPacket(space, space.length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException none) {
                return;
            }
            received.add(new String(space, 0, packet.getLength(), StandardCharsets.UTF_8));
        }
    }

    private List<Path> files(String prefix) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().startsWith(prefix + "."))
                    .toList();
        }
    }

    private static List<String> lines(Path file) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                file.toString().endsWith(".gz")
                        ? new GZIPInputStream(Files.newInputStream(file))
                        : Files.newInputStream(file),
                StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
