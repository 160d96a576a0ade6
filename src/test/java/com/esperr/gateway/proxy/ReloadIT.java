package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.SteadyLoad;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told again and again, by SIGHUP, to read a configuration that changes, while visitors ask and talk. */
class ReloadIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int RELOADS = 100;
    private static final int TUNNELS = 4;

    @TempDir
    private Path directory;

    private void write(TestOrigin origin, TunnelOrigin chat, String more) throws IOException {
        Path next = Files.writeString(directory.resolve("next"), """
                origin.url = "%s"
                origins.chat.url = "%s"
                hosts = [ { names = [ chat.test ], origin = chat } ]
                %s
                """.formatted(origin.url(), chat.url(), more));
        Files.move(next, directory.resolve("gateway.conf"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static RawClient open(int port) {
        RawClient client = RawClient.connect(port)
                .send(Scene.request(
                                "GET /chat", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
                        .replaceFirst("Host: [^\r]*", "Host: chat.test")
                        .replaceFirst(
                                "Upgrade: websocket",
                                "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        return client;
    }

    private static double reloads(GatewayProcess gateway, String result) {
        return gateway.metrics().sum("esper_config_reload_total", "result=" + result);
    }

    @Test
    void aHundredReloadsUnderLoadCostNoRequestAndNoWebSocket() throws IOException {
        List<RawClient> tunnels = new ArrayList<>();
        try (TestOrigin first = TestOrigin.start(Behaviours.respond(200, "first\n"));
                TestOrigin second = TestOrigin.start(Behaviours.respond(200, "second\n"));
                TunnelOrigin chat = TunnelOrigin.echo(TunnelOrigin.SWITCH)) {
            write(first, chat, "");
            try (GatewayProcess gateway = GatewayProcess.start(
                    "run",
                    "--config",
                    directory.resolve("gateway.conf").toString(),
                    "--listen",
                    "127.0.0.1:0",
                    "--admin",
                    "127.0.0.1:0",
                    "--set",
                    "reload.interval=0s",
                    "--set",
                    "log.access=off")) {
                int port = gateway.port();
                for (int i = 0; i < TUNNELS; i++) {
                    tunnels.add(open(port));
                }
                try (SteadyLoad load = SteadyLoad.at(port, 2, 1)) {
                    for (int i = 1; i <= RELOADS; i++) {
                        write(i % 2 == 0 ? first : second, chat, "limits.idle-timeout = " + i + "s");
                        int done = i;
                        long answered = load.answered();
                        gateway.hangUp();
                        await().pollInterval(Duration.ofMillis(20))
                                .atMost(SOON)
                                .until(() -> reloads(gateway, "ok") == done && load.answered() > answered);
                        String said = "reload " + i;
                        RawClient tunnel = tunnels.get(i % TUNNELS).send(said);
                        assertThat(new String(tunnel.readBytes(said.length()), StandardCharsets.US_ASCII))
                                .isEqualTo(said);
                    }
                    write(second, chat, "limits.idle-timeout = never");
                    gateway.hangUp();
                    await().atMost(SOON).until(() -> reloads(gateway, "refused") == 1);
                    long answered = load.answered();
                    await().atMost(SOON).until(() -> load.answered() > answered + 100);
                    load.close();
                    assertThat(load.failures()).isEmpty();
                    assertThat(gateway.metrics().sum("esper_tunnels")).isEqualTo(TUNNELS);
                }
                await().atMost(SOON).until(() -> second.connectionsOpen() == 0);
                assertThat(gateway.lines())
                        .anyMatch(line -> line.contains("limits.idle-timeout: never (expected: "))
                        .noneMatch(line -> line.contains("Exception"));
            }
        } finally {
            tunnels.forEach(RawClient::close);
        }
    }
}
