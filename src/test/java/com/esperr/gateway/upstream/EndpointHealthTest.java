package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointHealthTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final List<OriginEndpoint> endpoints = new ArrayList<>();

    @Test
    void onlyFailuresInARowCount() {
        Outliers outliers = outliers(2, "outlier.failures", "3");
        for (int i = 0; i < 10; i++) {
            fail(outliers, 2);
            assertThat(endpoints.get(0).health().answered(500)).isFalse();
        }
        assertThat(usable()).containsExactly(true, true);
        fail(outliers, 3);
        assertThat(usable()).containsExactly(false, true);
        assertThat(endpoints.get(0).state(time.nanos())).isEqualTo(EndpointState.EJECTED);
    }

    @Test
    void answers5xxCountWhereThatIsWanted() {
        outliers(2, "outlier.server-errors", "2");
        EndpointHealth health = endpoints.get(0).health();
        assertThat(health.answered(500)).isFalse();
        assertThat(health.answered(404)).isFalse();
        assertThat(health.answered(503)).isFalse();
        assertThat(health.answered(599)).isTrue();
    }

    @Test
    void ejectionIsTwiceAsLongEachTimeUpToTheLongestAndBeginsAnewAfterAQuietTime() {
        Outliers outliers = outliers(2, "outlier.failures", "1", "outlier.time", "1s", "outlier.longest", "3s");
        for (int seconds : List.of(1, 2, 3, 3)) {
            fail(outliers, 1);
            time.pass(Duration.ofSeconds(seconds).minusNanos(1));
            assertThat(usable()).as("%d s", seconds).containsExactly(false, true);
            time.pass(Duration.ofNanos(1));
            assertThat(usable()).as("%d s", seconds).containsExactly(true, true);
        }
        time.pass(Duration.ofSeconds(3));
        fail(outliers, 1);
        time.pass(SECOND);
        assertThat(usable()).containsExactly(true, true);
        assertThat(endpoints.get(0).ejections()).isEqualTo(5);
    }

    @Test
    void noMoreThanTheShareIsEjectedAndNeverAll() {
        Outliers outliers = outliers(3, "outlier.share", "1");
        endpoints.forEach(outliers::eject);
        assertThat(usable()).containsExactly(false, false, true);
        endpoints.clear();
        Outliers half = outliers(3, "outlier.share", "0.5");
        endpoints.forEach(half::eject);
        assertThat(usable()).containsExactly(false, true, true);
        endpoints.clear();
        Outliers alone = outliers(1, "outlier.share", "1");
        endpoints.forEach(alone::eject);
        assertThat(usable()).containsExactly(true);
    }

    @Test
    void theLastOneThatIsNotDownStays() {
        Outliers outliers = outliers(3, "outlier.share", "1");
        endpoints.get(0).health().down("why");
        endpoints.get(1).health().down("why");
        outliers.eject(endpoints.get(2));
        assertThat(usable()).containsExactly(false, false, true);
    }

    private void fail(Outliers outliers, int times) {
        for (int i = 0; i < times; i++) {
            if (endpoints.get(0).health().failed()) {
                outliers.eject(endpoints.get(0));
            }
        }
    }

    private List<Boolean> usable() {
        return endpoints.stream()
                .map(endpoint -> endpoint.health().usable(time.nanos()))
                .toList();
    }

    private Outliers outliers(int count, String... keysAndValues) {
        OriginConfig config = Setting.of(Setting.places(count), keysAndValues);
        for (int i = 0; i < count; i++) {
            endpoints.add(new OriginEndpoint(config, i));
        }
        return new Outliers(endpoints, config.outlier(), time::nanos);
    }
}
