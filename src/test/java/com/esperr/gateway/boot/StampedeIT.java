package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.TestEsper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Ten thousand visitors at once who would ask the same: one question is asked, and everybody gets its answer. */
class StampedeIT {
    private static final int VISITORS = 10_000;
    private static final int OTHER_FILES = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final byte[] QUESTION = ascii("GET /sale HTTP/1.1\r\nHost: shop.test\r\n\r\n");
    private static final byte[] REFUSED = ascii("HTTP/1.1 403 ");

    @Test
    void tenThousandConcurrentIdenticalRequestsMakeOneCall() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        List<Socket> visitors = new ArrayList<>();
        try (TestEsper esper = TestEsper.start();
                GatewayProcess gateway = GatewayProcess.start(
                        List.of(),
                        Map.of("ESPER_API_KEY", TestEsper.API_KEY, "ESPER_API_URL", esper.url()),
                        "run",
                        "--mode=cloud",
                        "--origin=http://127.0.0.1:9",
                        "--listen=127.0.0.1:0",
                        "--admin=127.0.0.1:0",
                        "--set=log.access=off",
                        "--set=decision.timeout=60s",
                        "--set=esper.connect-timeout=20s")) {
            gateway.port();
            assumeThat(gateway.maxOpenFiles()).isGreaterThan(VISITORS + OTHER_FILES);
            esper.answer(json -> {
                await().atMost(PATIENCE).until(() -> go.getCount() == 0);
                return EsperReply.block("all");
            });
            for (int i = 0; i < VISITORS; i++) {
                visitors.add(visitor(gateway.port()));
            }
            for (Socket visitor : visitors) {
                visitor.getOutputStream().write(QUESTION);
            }
            await().atMost(PATIENCE).until(() -> gateway.metrics().sum("esper_decision_shared_total") == VISITORS - 1);
            await().atMost(PATIENCE).until(() -> !esper.decisionCalls().isEmpty());
            go.countDown();
            for (Socket visitor : visitors) {
                assertThat(visitor.getInputStream().readNBytes(REFUSED.length)).isEqualTo(REFUSED);
            }
            MetricsSnapshot metrics = gateway.metrics();
            assertThat(metrics.sum("esper_decisions_total", "action=block")).isEqualTo(VISITORS);
            assertThat(metrics.sum("esper_decision_answers_total")).isEqualTo(1);
            assertThat(esper.decisionCalls()).hasSize(1);
            System.out.println(VISITORS + " concurrent identical requests: "
                    + esper.decisionCalls().size() + " call to Esper");
        } finally {
            go.countDown();
            for (Socket visitor : visitors) {
                visitor.close();
            }
        }
    }

    /** A bare socket: ten thousand clients with buffers would not fit. */
    private static Socket visitor(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
