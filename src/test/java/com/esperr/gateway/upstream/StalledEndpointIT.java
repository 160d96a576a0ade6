package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** One of two places of an origin takes requests and says nothing. */
class StalledEndpointIT {
    private static final String ASK = "GET / HTTP/1.1\r\nHost: gw.test\r\n\r\n";

    @Test
    void whatIsStuckThereKeepsTheOthersAway() {
        CountDownLatch release = new CountDownLatch(1);
        List<RawClient> clients = new ArrayList<>();
        try (TestOrigin well = TestOrigin.start(Behaviours.respond(200, "well"));
                TestOrigin stuck =
                        TestOrigin.start(Behaviours.stallUntil(release, Behaviours.respond(200, "at last")));
                TestGateway gateway = TestGateway.start(Map.of(
                        "origin.url", well.url() + "," + stuck.url(),
                        "origin.response-timeout", "10m",
                        "runtime.event-loops", "1"))) {
            // Until somebody is stuck: which of two idle places is chosen is chance.
            while (stuck.requests().isEmpty()) {
                RawClient client = RawClient.connect(gateway.port());
                clients.add(client);
                client.send(ASK);
                int sent = clients.size();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> well.requests().size() + stuck.requests().size() == sent);
            }
            RawClient waiting = clients.get(clients.size() - 1);
            try (RawClient client = RawClient.connect(gateway.port())) {
                for (int i = 0; i < 100; i++) {
                    assertThat(client.send(ASK).readResponse().bodyText()).isEqualTo("well");
                }
            }
            assertThat(stuck.requests()).hasSize(1);
            release.countDown();
            assertThat(waiting.readResponse().bodyText()).isEqualTo("at last");
        } finally {
            release.countDown();
            clients.forEach(RawClient::close);
        }
    }
}
