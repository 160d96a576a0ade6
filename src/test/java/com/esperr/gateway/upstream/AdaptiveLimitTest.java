package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The limit against an origin of ten workers that need 50 ms each, so that it can do 200 requests a second, on a simulated clock. */
class AdaptiveLimitTest {
    private static final SheddingConfig CONFIG =
            new SheddingConfig(true, 4, 100, 10_000, 2, 1000, Duration.ofSeconds(1), Surplus.QUEUE);

    private final SimulatedOrigin origin = new SimulatedOrigin(CONFIG, 10, 50);

    @Test
    void anOriginThatCanDoItAllIsNeverRefusedARequest() {
        origin.visited(150, 120);
        assertThat(origin.refused()).isZero();
        assertThat(origin.saturated()).isFalse();
        assertThat(origin.limit()).isGreaterThanOrEqualTo(90);
    }

    @Test
    void tenTimesTheLoadIsCutToWhatTheOriginAnswersInGoodTime() {
        origin.visited(100, 20);
        origin.visited(2000, 5);
        origin.visited(2000, 60);
        assertThat(origin.saturated()).isTrue();
        assertThat(origin.limit()).isBetween(8, 35);
        assertThat(origin.meanMillis()).isBetween(50.0, 150.0);
        assertThat(origin.answered()).as("of 200 a second in 60 s").isGreaterThan(11_000);
    }

    @Test
    void aStartUnderLoadFindsThePaceAllTheSame() {
        origin.visited(2000, 20);
        origin.visited(2000, 60);
        assertThat(origin.limit()).isBetween(8, 35);
        assertThat(origin.meanMillis()).isBetween(50.0, 150.0);
    }

    @Test
    void aLimitUnderLoadDoesNotDriftInAnHour() {
        origin.visited(100, 20);
        origin.visited(2000, 3600);
        origin.visited(2000, 60);
        assertThat(origin.limit()).isBetween(8, 35);
        assertThat(origin.meanMillis()).isBetween(50.0, 150.0);
    }

    @Test
    void aSlowRiseIsNotTakenForTheOriginsOwnPace() {
        for (int rate = 100; rate <= 400; rate += 2) {
            origin.visited(rate, 2);
        }
        origin.visited(400, 60);
        assertThat(origin.limit()).isBetween(8, 35);
        assertThat(origin.saturated()).isTrue();
    }

    @Test
    void afterTheLoadNobodyIsRefusedAnyMore() {
        origin.visited(100, 20);
        origin.visited(2000, 60);
        origin.visited(100, 10);
        origin.visited(100, 60);
        assertThat(origin.saturated()).isFalse();
        assertThat(origin.refused()).isZero();
        assertThat(origin.meanMillis()).isLessThan(60);
    }

    @Test
    void anOriginThatHasBecomeSlowerByItselfKeepsItsThroughput() {
        origin.visited(150, 20);
        origin.service(150);
        // It can do 67 a second now, and 60 are wanted.
        origin.visited(60, 30);
        origin.visited(60, 60);
        assertThat(origin.refused()).as("of %d", origin.answered()).isLessThan(60);
    }

    @Test
    void slowerUnderLoadItIsStillGivenAsMuchAsItCanDo() {
        origin.visited(150, 20);
        origin.service(150);
        origin.visited(2000, 30);
        origin.visited(2000, 60);
        assertThat(origin.limit()).isBetween(9, 40);
        assertThat(origin.answered()).as("of 67 a second in 60 s").isGreaterThan(3500);
    }

    @Test
    void fasterUnderLoadItIsGivenMore() {
        origin.visited(100, 20);
        origin.visited(2000, 30);
        origin.workers(40);
        origin.visited(2000, 10);
        origin.visited(2000, 60);
        assertThat(origin.answered()).as("of 800 a second in 60 s").isGreaterThan(42_000);
        assertThat(origin.limit()).isBetween(40, 130);
    }

    @Test
    void halfTheWorkersAreHalfTheLimit() {
        origin.visited(100, 20);
        origin.visited(2000, 30);
        origin.workers(5);
        origin.visited(2000, 20);
        origin.visited(2000, 60);
        assertThat(origin.limit()).isBetween(5, 20);
        assertThat(origin.meanMillis()).isLessThan(200);
    }

    @Test
    void anOriginThatStallsIsGivenTheLeastAndThenRecovers() {
        origin.visited(100, 20);
        origin.stalls(20);
        origin.visited(100, 15);
        assertThat(origin.limit()).isLessThanOrEqualTo(13);
        assertThat(origin.saturated()).isTrue();
        origin.visited(100, 15);
        origin.visited(100, 30);
        assertThat(origin.refused()).isZero();
    }

    @Test
    void answersOf503AreAsGoodAsSlowOnes() {
        origin.visited(100, 20);
        origin.service(5);
        origin.refusing(true);
        origin.visited(20_000, 10);
        assertThat(origin.limit()).isEqualTo(4);
    }

    @Test
    void aFastOriginIsGivenWhatComesAtOnce() {
        SimulatedOrigin large = new SimulatedOrigin(CONFIG, 2000, 100);
        large.visited(500, 20);
        large.visited(10_000, 5);
        large.visited(10_000, 30);
        assertThat(large.refused()).isZero();
        assertThat(large.saturated()).isFalse();
    }
}
