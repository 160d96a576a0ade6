package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrendTest {
    private final Metrics metrics = new Metrics();
    private final Trend trend = new Trend();
    private final AtomicLong blocked = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private long seconds;

    TrendTest() {
        metrics.counter(MeterName.REQUESTS, blocked::get, "blocked", "4xx");
        metrics.counter(MeterName.REQUESTS, failed::get, "failed", "5xx");
        metrics.counter(MeterName.DECISIONS, blocked::get, "block", "local", "policy");
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void ratesAreOfTheTimeThatHasPassedReally() {
        after(1);
        blocked.set(30);
        after(1);
        assertThat(newest("requests")).isEqualTo(30);
        assertThat(newest("block")).isEqualTo(30);
        blocked.set(80);
        after(5);
        assertThat(newest("block")).isEqualTo(10);
        assertThat(newest("allow")).isZero();
    }

    @Test
    void theFirstReadingIsNoPointAndACountThatFallsIsNoRate() {
        blocked.set(1000);
        after(1);
        assertThat(trend.points()).isEmpty();
        blocked.set(10);
        after(1);
        assertThat(newest("requests")).isZero();
    }

    @Test
    void theErrorRateIsTheShareOfServerErrorsWithinTenSecondsAndUnknownWithoutRequests() {
        after(1);
        blocked.set(30);
        failed.set(10);
        after(1);
        assertThat(newest("error_share")).isEqualTo(0.25);
        after(5);
        assertThat(newest("error_share")).isEqualTo(0.25);
        for (int i = 0; i < 4; i++) {
            after(5);
        }
        assertThat(newest("error_share")).isNaN();
        assertThat(newest("total_p95")).isNaN();
    }

    @Test
    void tenMinutesAreKeptAndNoMore() {
        for (int i = 0; i < 2000; i++) {
            after(1);
        }
        List<double[]> points = trend.points();
        assertThat(points).hasSize(601);
        assertThat(points.get(points.size() - 1)[0] - points.get(0)[0]).isEqualTo(TimeUnit.MINUTES.toMillis(10));
    }

    @Test
    void aClockThatIsSetBackFillsNoMemory() {
        for (int i = 0; i < 2 * Trend.MOST; i++) {
            trend.add(metrics.figures(Trend.READ), TimeUnit.SECONDS.toNanos(i), -i);
        }
        assertThat(trend.points()).hasSize(Trend.MOST);
    }

    @Test
    void everyPointHasWhatItsNamesSay() {
        after(1);
        after(1);
        assertThat(trend.points()).allSatisfy(point -> assertThat(point).hasSize(Trend.NAMES.size()));
    }

    private void after(int passed) {
        seconds += passed;
        trend.add(metrics.figures(Trend.READ), TimeUnit.SECONDS.toNanos(seconds), TimeUnit.SECONDS.toMillis(seconds));
    }

    private double newest(String name) {
        List<double[]> points = trend.points();
        return points.get(points.size() - 1)[Trend.NAMES.indexOf(name)];
    }
}
