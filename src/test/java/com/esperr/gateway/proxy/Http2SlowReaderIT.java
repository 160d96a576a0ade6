package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Http2Frame;
import com.esperr.gateway.testkit.RawHttp2Client;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A visitor of HTTP/2 who takes his response slower than it comes, and so is found without room at every look. */
class Http2SlowReaderIT {
    private static final Duration PAUSE = Duration.ofSeconds(25);
    private static final Duration SHORT = Duration.ofSeconds(9);
    private static final int SIP = 1000;
    private static final int CANCEL = 8;

    private final Turned clock = new Turned();
    private OpenFront at;

    private void start(String minRate, String idleTimeout) {
        at = new OpenFront(
                Map.of(
                        "limits.min-rate", minRate,
                        "limits.idle-timeout", idleTimeout,
                        "limits.header-timeout", "1h",
                        "limits.body-timeout", "1h",
                        "origin.connect-timeout", "1m",
                        "origin.response-timeout", "1h",
                        "origin.idle-timeout", "1h"),
                clock);
    }

    @AfterEach
    void stop() {
        at.close();
    }

    @Test
    void whoTakesNothingIsCutOffAndToldThatNothingElseFailed() {
        start("0", "60s");
        at.origin.on("/big", Behaviours.stream(1 << 20));
        try (RawHttp2Client slow = RawHttp2Client.connect(at.proxy.port())) {
            slow.get(1, "/big");
            takes(slow, 65_535);
            for (int i = 0; i < 4; i++) {
                clock.passes(PAUSE);
            }
            assertThat(slow.awaitType(RawHttp2Client.RST_STREAM).errorCode()).isEqualTo(CANCEL);
            ends("limits.idle-timeout");
        }
    }

    @Test
    void whoTakesLessThanTheLeastRateOnAStreamIsCutOffThere() {
        start("100", "1h");
        at.origin.on("/big", Behaviours.stream(1 << 20));
        try (RawHttp2Client slow = RawHttp2Client.connect(at.proxy.port())) {
            slow.windowUpdate(0, 4 << 20).get(1, "/big");
            takes(slow, 65_535);
            for (int i = 0; i < 3; i++) {
                clock.passes(SHORT);
                slow.windowUpdate(1, 100);
                takes(slow, 100);
            }
            // The first stretch began with what had been taken at once; the second has next to nothing.
            for (int i = 0; i < 14; i++) {
                clock.passes(SHORT);
            }
            Http2Frame reset = slow.awaitType(RawHttp2Client.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(1);
            assertThat(reset.errorCode()).isEqualTo(CANCEL);
            ends("limits.min-rate");
            // The others are left in peace.
            assertThat(slow.exchange(3, "/").status()).isEqualTo(200);
        }
    }

    @Test
    void aConnectionThatTakesLessThanThatHasItsStreamsCutOff() {
        start("100", "1h");
        at.origin.on("/big", Behaviours.stream(1 << 20));
        try (RawHttp2Client slow = RawHttp2Client.connect(at.proxy.port())) {
            slow.get(1, "/big").windowUpdate(1, 4 << 20);
            takes(slow, 65_535);
            for (int i = 0; i < 14; i++) {
                clock.passes(SHORT);
            }
            assertThat(slow.awaitType(RawHttp2Client.RST_STREAM).errorCode()).isEqualTo(CANCEL);
            ends("limits.min-rate");
        }
    }

    @Test
    void theLeastRateItselfIsEnough() {
        start("100", "1h");
        at.origin.on("/big", Behaviours.stream(1 << 20));
        try (RawHttp2Client slow = RawHttp2Client.connect(at.proxy.port())) {
            slow.windowUpdate(0, 4 << 20).get(1, "/big");
            takes(slow, 65_535);
            int sips = 12;
            for (int i = 0; i < sips; i++) {
                clock.passes(SHORT);
                slow.windowUpdate(1, SIP);
                takes(slow, SIP);
            }
            slow.windowUpdate(1, 2 << 20);
            takes(slow, (1 << 20) - 65_535 - sips * SIP);
        }
    }

    private void ends(String why) {
        await().atMost(30, TimeUnit.SECONDS).until(() -> at.records.size() == 1);
        assertThat(at.records.get(0).failure()).isEqualTo(FailureReason.CLIENT_ABORTED);
        assertThat(at.records.get(0).failureDetail()).contains(why);
    }

    @Test
    void whoTakesALittleAtATimeIsNotCutOff() {
        start("0", "60s");
        at.origin.on("/big", Behaviours.stream(1 << 20));
        try (RawHttp2Client slow = RawHttp2Client.connect(at.proxy.port())) {
            slow.get(1, "/big");
            takes(slow, 65_535);
            for (int i = 0; i < 5; i++) {
                clock.passes(PAUSE);
                slow.windowUpdate(0, SIP).windowUpdate(1, SIP);
                takes(slow, SIP);
            }
            slow.windowUpdate(0, 2 << 20).windowUpdate(1, 2 << 20);
            takes(slow, (1 << 20) - 65_535 - 5 * SIP);
        }
    }

    private static void takes(RawHttp2Client client, int bytes) {
        int left = bytes;
        while (left > 0) {
            Http2Frame next = client.await(
                    frame -> frame.type() == RawHttp2Client.DATA || frame.type() == RawHttp2Client.RST_STREAM);
            assertThat(next.type()).isEqualTo(RawHttp2Client.DATA);
            left -= next.payload().length;
        }
        assertThat(left).isZero();
    }

    /** Time that passes when it is told to, and not before somebody has looked at it. */
    private static final class Turned implements Clock {
        private final AtomicLong nanos = new AtomicLong();
        private final AtomicLong looks = new AtomicLong();

        void passes(Duration time) {
            nanos.addAndGet(time.toNanos());
            long before = looks.get();
            // The sweeper, a few times.
            await().atMost(30, TimeUnit.SECONDS).until(() -> looks.get() >= before + 3);
        }

        @Override
        public long nanos() {
            looks.incrementAndGet();
            return nanos.get();
        }

        @Override
        public long millis() {
            return System.currentTimeMillis();
        }
    }
}
