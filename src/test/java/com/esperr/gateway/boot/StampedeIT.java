package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
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

    @Test
    void tenThousandConcurrentIdenticalRequestsMakeOneCall() {
        CountDownLatch go = new CountDownLatch(1);
        List<RawClient> visitors = new ArrayList<>();
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
                visitors.add(RawClient.connect(gateway.port()).readTimeout(PATIENCE));
            }
            visitors.forEach(visitor -> visitor.send("GET /sale HTTP/1.1\r\nHost: shop.test\r\n\r\n"));
            await().atMost(PATIENCE).until(() -> gateway.metrics().sum("esper_decision_shared_total") == VISITORS - 1);
            assertThat(esper.decisionCalls()).hasSize(1);
            go.countDown();
            for (RawClient visitor : visitors) {
                assertThat(visitor.readResponse().status()).isEqualTo(403);
            }
            MetricsSnapshot metrics = gateway.metrics();
            assertThat(metrics.sum("esper_decisions_total", "action=block")).isEqualTo(VISITORS);
            assertThat(metrics.sum("esper_decision_answers_total")).isEqualTo(1);
            assertThat(esper.decisionCalls()).hasSize(1);
            System.out.println(VISITORS + " concurrent identical requests: "
                    + esper.decisionCalls().size() + " call to Esper");
        } finally {
            go.countDown();
            visitors.forEach(RawClient::close);
        }
    }
}
