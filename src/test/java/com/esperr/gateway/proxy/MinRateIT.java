package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.RawClient;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Uploads that pause no longer than they may, and hardly go on, on a clock that runs twenty times as fast. */
class MinRateIT {
    private final CountDownLatch released = new CountDownLatch(1);
    private final OpenFront at = new OpenFront(
            Map.of(
                    "limits.min-rate", "100",
                    "limits.header-timeout", "1h",
                    "limits.body-timeout", "1h",
                    "limits.idle-timeout", "1h",
                    "origin.connect-timeout", "1m",
                    "origin.response-timeout", "1h",
                    "origin.idle-timeout", "1h"),
            new Fast());

    @AfterEach
    void stop() {
        released.countDown();
        at.close();
    }

    @Test
    void aBodyOfWhichNextToNothingComesIs408() {
        try (RawClient client =
                at.client().send(Scene.request("POST /", "Content-Length: 1000000000") + "next to nothing")) {
            assertThat(client.readResponse().status()).isEqualTo(408);
        }
        await().until(() -> at.records.size() == 1);
        assertThat(at.records.get(0).failure()).isEqualTo(FailureReason.REQUEST_TIMEOUT);
        assertThat(at.records.get(0).failureDetail()).contains("limits.min-rate");
    }

    @Test
    void whoWaitsForTheOriginIsNotSlow() {
        int size = 16 << 20;
        at.origin.on(
                "/late",
                exchange -> exchange.hold(released).readBody().send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        try (RawClient client = at.client().send(Scene.request("POST /late", "Content-Length: " + size))) {
            Thread sender = new Thread(() -> client.trySend(new byte[size]));
            sender.start();
            long begun = System.nanoTime();
            await().until(() -> System.nanoTime() - begun > Pace.STRETCH_NANOS * 2 / Fast.TIMES);
            released.countDown();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    /** A second in fifty milliseconds. */
    private static final class Fast implements Clock {
        private static final int TIMES = 20;

        @Override
        public long nanos() {
            return System.nanoTime() * TIMES;
        }

        @Override
        public long millis() {
            return System.currentTimeMillis();
        }
    }
}
