package com.esperr.gateway.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private final TestClock clock = TestClock.still();
    private final List<BreakerState> told = new ArrayList<>();
    private final Breaker breaker = breaker(0.01, 1);

    @Test
    void fiveFailuresInTwentySecondsOpenIt() {
        fail(4, Duration.ofSeconds(4));
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        fail(1, Duration.ZERO);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.acquire()).isEqualTo(Breaker.REFUSED);
        assertThat(told).containsExactly(BreakerState.OPEN);
    }

    @Test
    void failuresThatAreFurtherApartDoNot() {
        fail(50, Duration.ofSeconds(6));
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(told).isEmpty();
    }

    @Test
    void answersInBetweenDoNotHelp() {
        for (int i = 0; i < 5; i++) {
            breaker.succeeded(breaker.acquire());
            fail(1, Duration.ofSeconds(1));
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void aFewFailuresAmongVeryManyAnswersDoNotOpenIt() {
        IntStream.range(0, 10_000).forEach(i -> breaker.succeeded(breaker.acquire()));
        fail(100, Duration.ZERO);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        fail(5, Duration.ZERO);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void oldAnswersNoLongerCountAgainstTheShare() {
        IntStream.range(0, 10_000).forEach(i -> breaker.succeeded(breaker.acquire()));
        clock.advance(Duration.ofSeconds(21));
        fail(5, Duration.ZERO);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void afterThePauseOneProbeIsLetThroughAndItsAnswerClosesIt() {
        open();
        clock.advance(Duration.ofMillis(4_999));
        assertThat(breaker.acquire()).isEqualTo(Breaker.REFUSED);
        clock.advance(Duration.ofMillis(1));
        int probe = breaker.acquire();
        assertThat(probe).isNotEqualTo(Breaker.REFUSED);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.acquire()).isEqualTo(Breaker.REFUSED);
        breaker.succeeded(probe);
        assertThat(told).containsExactly(BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
        fail(4, Duration.ZERO);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void anOpenBreakerIsHalfOpenAfterItsPauseEvenIfNobodyAsks() {
        open();
        clock.advance(Duration.ofSeconds(5));
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(told).containsExactly(BreakerState.OPEN);
    }

    @Test
    void aProbeThatFailsOpensItAgain() {
        open();
        clock.advance(Duration.ofSeconds(5));
        breaker.failed(breaker.acquire());
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        clock.advance(Duration.ofMillis(4_999));
        assertThat(breaker.acquire()).isEqualTo(Breaker.REFUSED);
        clock.advance(Duration.ofMillis(1));
        assertThat(breaker.acquire()).isNotEqualTo(Breaker.REFUSED);
    }

    @Test
    void aWithdrawnProbeMakesRoomForAnother() {
        open();
        clock.advance(Duration.ofSeconds(5));
        breaker.released(breaker.acquire());
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        breaker.succeeded(breaker.acquire());
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void everyOneOfSeveralProbesMustBeAnswered() {
        Breaker three = breaker(0, 3);
        IntStream.range(0, 5).forEach(i -> three.failed(three.acquire()));
        clock.advance(Duration.ofSeconds(5));
        int[] probes = {three.acquire(), three.acquire(), three.acquire()};
        assertThat(three.acquire()).isEqualTo(Breaker.REFUSED);
        three.succeeded(probes[0]);
        three.succeeded(probes[1]);
        assertThat(three.acquire()).isEqualTo(Breaker.REFUSED);
        assertThat(three.state()).isEqualTo(BreakerState.HALF_OPEN);
        three.succeeded(probes[2]);
        assertThat(three.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void whatWasAskedBeforeAChangeSaysNothingAfterIt() {
        int early = breaker.acquire();
        open();
        clock.advance(Duration.ofSeconds(5));
        int probe = breaker.acquire();
        breaker.succeeded(early);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        breaker.released(early);
        assertThat(breaker.acquire()).isEqualTo(Breaker.REFUSED);
        breaker.failed(early);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        breaker.succeeded(probe);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        breaker.failed(probe);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void manyThreadsNeverLoseAProbeOrLetOneTooManyThrough() throws Exception {
        Breaker shared = breaker(0, 2);
        int threads = 4;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(pool.submit(() -> {
                    start.await();
                    for (int i = 0; i < 50_000; i++) {
                        use(shared);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get(30, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        // However it was left, it can be brought back: no probe is still counted as under way.
        clock.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 2 && shared.state() != BreakerState.CLOSED; i++) {
            shared.succeeded(shared.acquire());
        }
        assertThat(shared.state()).isEqualTo(BreakerState.CLOSED);
    }

    private void use(Breaker shared) {
        int permit = shared.acquire();
        if (permit == Breaker.REFUSED) {
            clock.advance(Duration.ofMillis(10));
            return;
        }
        switch (ThreadLocalRandom.current().nextInt(4)) {
            case 0 -> shared.failed(permit);
            case 1 -> shared.released(permit);
            default -> shared.succeeded(permit);
        }
    }

    private void open() {
        fail(5, Duration.ZERO);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    private void fail(int times, Duration each) {
        for (int i = 0; i < times; i++) {
            breaker.failed(breaker.acquire());
            clock.advance(each);
        }
    }

    private Breaker breaker(double share, int probes) {
        BreakerConfig config = new BreakerConfig(5, share, Duration.ofSeconds(20), Duration.ofSeconds(5), probes);
        return new Breaker(config, clock, state -> {
            synchronized (told) {
                told.add(state);
            }
        });
    }
}
