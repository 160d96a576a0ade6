package com.esperr.gateway.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.HttpClient;
import com.esperr.gateway.transport.HttpClientConfig;
import com.esperr.gateway.transport.TransportConfig;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers to somebody else's widget, more of them than are looked at. */
class WidgetProviderIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Ticket TICKET = new Ticket("000102030405060708090a0b0c0d0e0f", 1_000_000, 8, 3, 4, 0);

    private final CountDownLatch latch = new CountDownLatch(1);
    private final TestOrigin site =
            TestOrigin.start().otherwise(Behaviours.stallUntil(latch, Behaviours.respond(200, "{\"success\":true}")));
    private final EventLoops loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.AUTO, 1));
    private final Vendor vendor = new Vendor(
            Method.TURNSTILE, "site", "secret", URI.create(site.url() + "/verify"), "https://widget.test/api.js");
    private final HttpClient client =
            new HttpClient(new HttpClientConfig(vendor.service(), LONG, LONG, LONG, 1, 1, 1024, null), loops, () -> 0);
    private final WidgetProvider provider = new WidgetProvider(vendor, client, LONG, LONG, () -> 0);
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        latch.countDown();
        client.close();
        loops.close();
        site.close();
    }

    private void answer() {
        loops.next().execute(() -> {
            var unused = provider.check(
                    new Answer(TICKET, "token", null, TICKET.issuedAtMillis()),
                    wrong -> told.add(String.valueOf(wrong)));
        });
    }

    private String next() throws InterruptedException {
        return told.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void whoeverSendsAnswersInMassesDoesNotHaveTheWidgetPassedOver() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            answer();
        }
        assertThat(next()).isEqualTo("UNAVAILABLE");
        assertThat(next()).isEqualTo("UNAVAILABLE");
        assertThat(provider.available()).isTrue();
        latch.countDown();
        assertThat(next()).isEqualTo("null");
        assertThat(next()).isEqualTo("null");
    }
}
