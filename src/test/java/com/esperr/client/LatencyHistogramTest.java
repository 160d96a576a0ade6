package com.esperr.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void anEmptyOneSaysNothing() {
        assertThat(new LatencyHistogram().percentiles())
                .isEqualTo(new LatencyPercentiles(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    @Test
    void everyValueHasOneBucketThatIsAtMostAThirtySecondWide() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            long micros = random.nextLong(1L << random.nextInt(1, 37));
            int bucket = LatencyHistogram.bucket(micros);
            assertThat(LatencyHistogram.highest(bucket)).isBetween(micros, micros + micros / 32);
            assertThat(bucket == 0 ? -1 : LatencyHistogram.highest(bucket - 1)).isLessThan(micros);
        }
    }

    @Test
    void percentilesAreThoseOfTheSortedListAndALittleMore() {
        LatencyHistogram histogram = new LatencyHistogram();
        Random random = new Random(11);
        long[] micros = random.longs(10_001, 100, 3_000_000).toArray();
        for (long value : micros) {
            histogram.record(value * 1000);
        }
        Arrays.sort(micros);
        LatencyPercentiles percentiles = histogram.percentiles();
        assertThat(percentiles.count()).isEqualTo(micros.length);
        assertNear(percentiles.p50(), micros[5000]);
        assertNear(percentiles.p90(), micros[9000]);
        assertNear(percentiles.p99(), micros[9900]);
        assertThat(percentiles.max()).isEqualTo(Duration.ofNanos(micros[10_000] * 1000));
    }

    @Test
    void absurdValuesAreKeptWithinTheBounds() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(-1);
        histogram.record(Long.MAX_VALUE);
        assertThat(histogram.percentiles().p50()).isEqualTo(Duration.ZERO);
        assertThat(histogram.percentiles().max()).isBetween(Duration.ofHours(19), Duration.ofHours(20));
    }

    private static void assertNear(Duration actual, long micros) {
        assertThat(actual.toNanos() / 1000).isBetween(micros, micros + micros / 32);
    }
}
