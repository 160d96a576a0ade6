package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the end of the gateway is to those who are still connected, and what is known of it afterwards. */
class ShutdownIT {
    private static final String ANSWERED_HERE = "OPTIONS / HTTP/1.1\r\nHost: gw.test\r\nMax-Forwards: 0\r\n\r\n";

    @TempDir
    private Path directory;

    @Test
    void whatIsCutOffIsToldAndLoggedAsThat() throws IOException {
        Path log = directory.resolve("access.log");
        try (Scene scene = Scene.with("log.access", log.toString())) {
            scene.origin.on("/silent", Behaviours.silent());
            RawClient client = scene.client().send(Scene.request("GET /silent"));
            await().until(() -> scene.origin.requests().size() == 1);
            scene.gateway.close();
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.isClosedByPeer()).isTrue();
            client.close();
        }
        assertThat(Files.readString(log))
                .contains("\"path\":\"/silent\"")
                .contains("\"status\":503")
                .contains("\"failure\":\"draining\"");
    }

    @Test
    void whoLeavesUnansweredIsLoggedWithAStatusOfItsOwn() throws IOException {
        Path log = directory.resolve("access.log");
        try (Scene scene = Scene.with("log.access", log.toString())) {
            scene.origin.on("/silent", Behaviours.silent());
            RawClient client = scene.client().send(Scene.request("GET /silent"));
            await().until(() -> scene.origin.requests().size() == 1);
            client.reset();
            await().until(() -> scene.gateway.metric("esper_requests_open") == 0);
        }
        assertThat(Files.readString(log))
                .contains("\"status\":499")
                .contains("\"outcome\":\"aborted\"")
                .contains("\"failure\":\"client_aborted\"");
    }

    @Test
    void aClientThatSendsRequestAfterRequestAndReadsLateKeepsEveryAnswer() throws Exception {
        try (Scene scene = Scene.with("shutdown.drain", "20s", "limits.requests-per-connection", "1000000");
                Socket client = new Socket()) {
            // A small window, so that not much has to be answered until no more fits.
            client.setReceiveBufferSize(4096);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), scene.gateway.port()));
            Thread sender = new Thread(() -> sendRequests(client));
            sender.start();
            // Until it is served no further, because it does not read.
            double[] before = new double[1];
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                double last = before[0];
                before[0] = scene.gateway.metric("esper_request_seconds_count");
                return last > 0 && before[0] == last;
            });
            Thread closing = new Thread(scene.gateway::close);
            closing.start();
            await().until(() -> refuses(scene.gateway.port()));
            client.setSoTimeout(20_000);
            String answers = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answers).endsWith("\r\n\r\n");
            closing.join();
            sender.join();
        }
    }

    private static void sendRequests(Socket client) {
        byte[] thousand = ANSWERED_HERE.repeat(1000).getBytes(StandardCharsets.US_ASCII);
        try {
            for (int i = 0; i < 100; i++) {
                client.getOutputStream().write(thousand);
            }
        } catch (IOException closed) {
            // It is told so by the end of what it reads.
        }
    }

    private static boolean refuses(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return false;
        } catch (IOException refused) {
            return true;
        }
    }
}
