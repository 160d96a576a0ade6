package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.NodeProgram;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A real client and a real server of WebSocket, the ws package, with the true gateway between them. */
class WebSocketNodeIT {
    private static final String WS = "ws@8.23.0";

    @Test
    void messagesFragmentsPingsAndCloseCodesPass() throws InterruptedException {
        try (NodeProgram server = NodeProgram.start(WS, "websocket.mjs", "serve")) {
            String port = server.awaitLine(line -> line.matches("[0-9]+"));
            Scene at = Scene.with("origin.url", "http://127.0.0.1:" + port, "shutdown.drain", "30s");
            try (NodeProgram client =
                    NodeProgram.start(WS, "websocket.mjs", "talk", "ws://127.0.0.1:" + at.gateway.port() + "/chat")) {
                client.awaitLine(line -> line.equals("waiting") || line.startsWith("wrong"));
                assertThat(server.awaitLine(line -> line.startsWith("closed 4321")))
                        .isEqualTo("closed 4321 enough");
                await().atMost(Duration.ofSeconds(30)).until(() -> at.gateway.metric("esper_tunnels") == 1);
                at.close();
                assertThat(client.awaitEnd())
                        .contains(
                                "ok: plain 1 MiB",
                                "ok: plain fragments",
                                "ok: compressed 1 MiB",
                                "ok: compressed fragments",
                                "ok: 50 at once",
                                "ok: a blocked handshake",
                                "ok: close frame when the gateway stops");
                assertThat(server.awaitLine(line -> line.startsWith("closed 1001")))
                        .isNotEmpty();
            } finally {
                at.close();
            }
        }
    }
}
