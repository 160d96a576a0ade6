package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestDns;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.TestRelay;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** An application that moves to another address while requests are under way, as its name says. */
class MovedOriginIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String ASK = "GET %s HTTP/1.1\r\nHost: gw.test\r\n\r\n";

    private static String ask(RawClient client, String path) {
        return client.send(ASK.formatted(path)).readResponse().bodyText();
    }

    @Test
    void whatIsUnderWayEndsWhereItBeganAndWhatComesGoesToTheNewAddress() {
        CountDownLatch finish = new CountDownLatch(1);
        try (TestOrigin old = TestOrigin.start(Behaviours.respond(200, "old"))
                        .on("/long", Behaviours.stallUntil(finish, Behaviours.respond(200, "old, at last")));
                TestOrigin young = TestOrigin.start(Behaviours.respond(200, "new"));
                TestRelay moved = TestRelay.at("127.0.0.2", old.port(), young.port());
                TestDns dns = TestDns.start().addresses("app.test", 1, "127.0.0.1");
                TestGateway gateway = TestGateway.start(Map.of(
                        "origin.url",
                        "http://app.test:" + old.port(),
                        "origin.dns-interval",
                        "100ms",
                        "runtime.name-servers",
                        dns.authority(),
                        "runtime.event-loops",
                        "1"));
                RawClient waiting = RawClient.connect(gateway.port());
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(ask(client, "/")).isEqualTo("old");
            waiting.send(ASK.formatted("/long"));
            await().atMost(LONG)
                    .until(() -> old.requests().stream()
                            .anyMatch(request -> request.path().equals("/long")));
            assertThat(ask(client, "/")).isEqualTo("old");

            dns.addresses("app.test", 1, "127.0.0.2");
            await().atMost(LONG).until(() -> ask(client, "/").equals("new"));
            for (int i = 0; i < 20; i++) {
                assertThat(ask(client, "/")).isEqualTo("new");
            }
            // The kept connection is closed, the one that is in use is not.
            await().atMost(LONG).until(() -> old.connectionsOpen() == 1);

            finish.countDown();
            assertThat(waiting.readResponse().bodyText()).isEqualTo("old, at last");
            await().atMost(LONG).until(() -> old.connectionsOpen() == 0);
            assertThat(gateway.metrics().sum("esper_failures_total")).isZero();
            assertThat(moved.port()).isEqualTo(old.port());
        } finally {
            finish.countDown();
        }
    }
}
