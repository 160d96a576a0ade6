package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static final List<Double> BOUNDS = List.of(0.001, 0.01, 0.1);

    @Test
    void aQuantileIsEstimatedWithinItsBucket() {
        Distribution times = new Distribution(BOUNDS, new long[] {50, 90, 100}, 100);
        assertThat(times.quantile(0.25)).isEqualTo(0.0005, within(1e-9));
        assertThat(times.quantile(0.5)).isEqualTo(0.001, within(1e-9));
        assertThat(times.quantile(0.7)).isEqualTo(0.0055, within(1e-9));
        assertThat(times.quantile(1)).isEqualTo(0.1, within(1e-9));
    }

    @Test
    void ofNothingNothingIsKnownAndOfWhatIsTooSlowOnlyTheLastBound() {
        assertThat(Distribution.NONE.quantile(0.5)).isNaN();
        assertThat(new Distribution(BOUNDS, new long[] {0, 0, 0}, 0).quantile(0.5))
                .isNaN();
        assertThat(new Distribution(BOUNDS, new long[] {0, 0, 0}, 7).quantile(0.5))
                .isEqualTo(0.1);
    }

    @Test
    void emptyBucketsBeforeTheFirstAreNotWhereItIs() {
        assertThat(new Distribution(BOUNDS, new long[] {0, 10, 10}, 10).quantile(0.01))
                .isBetween(0.001, 0.01);
    }

    @Test
    void whatCameSinceIsTheDifference() {
        Distribution before = new Distribution(BOUNDS, new long[] {50, 50, 50}, 50);
        Distribution now = new Distribution(BOUNDS, new long[] {50, 60, 60}, 60);
        assertThat(now.since(before).count()).isEqualTo(10);
        assertThat(now.since(before).quantile(0.5)).isEqualTo(0.0055, within(1e-9));
        assertThat(now.since(Distribution.NONE)).isSameAs(now);
    }

    @Test
    void theMetersOfARegistryAreReadAsTheyAre() {
        try (Metrics metrics = new Metrics()) {
            metrics.counter(MeterName.DECISIONS, "block", "local", "policy").increment(3);
            metrics.counter(MeterName.DECISIONS, "allow", "default", "default").increment(4);
            metrics.counter(MeterName.UPSTREAM_RETRIES, () -> 5);
            metrics.gauge(MeterName.MITIGATIONS, () -> 6);
            for (String source : List.of("local", "default")) {
                metrics.timer(MeterName.DECISION_SECONDS, Buckets.DECISION, source)
                        .record(Duration.ofNanos(30_000));
            }
            Figures figures = metrics.figures(EnumSet.of(
                    MeterName.DECISIONS,
                    MeterName.UPSTREAM_RETRIES,
                    MeterName.MITIGATIONS,
                    MeterName.DECISION_SECONDS));
            assertThat(figures.sum(MeterName.DECISIONS)).isEqualTo(7);
            assertThat(figures.sum(MeterName.DECISIONS, 0, "block")).isEqualTo(3);
            assertThat(figures.samples(MeterName.UPSTREAM_RETRIES)).containsExactly(new Figures.Sample(List.of(), 5));
            assertThat(figures.sum(MeterName.MITIGATIONS)).isEqualTo(6);
            assertThat(figures.samples(MeterName.REQUESTS)).isEmpty();
            Distribution decisions = figures.distribution(MeterName.DECISION_SECONDS);
            assertThat(decisions.count()).isEqualTo(2);
            assertThat(decisions.quantile(0.5)).isBetween(0.000025, 0.00005);
        }
    }
}
