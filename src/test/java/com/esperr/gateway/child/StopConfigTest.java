package com.esperr.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.child.StopConfig.ToldBy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StopConfigTest {
    private static StopConfig stop(ToldBy by) {
        return new StopConfig("TERM", by, Duration.ofSeconds(5), Duration.ofSeconds(25));
    }

    @Test
    void thePlatformTellsWhereThereIsADyno() {
        assertThat(stop(ToldBy.AUTO).platformTells(true)).isTrue();
        assertThat(stop(ToldBy.AUTO).platformTells(false)).isFalse();
        assertThat(stop(ToldBy.PLATFORM).platformTells(false)).isTrue();
        assertThat(stop(ToldBy.GATEWAY).platformTells(true)).isFalse();
    }

    @Test
    void theDrainLeavesTimeToEndTheApplication() {
        StopConfig stop = stop(ToldBy.AUTO);
        assertThat(stop.drain(Duration.ZERO, Duration.ofSeconds(25))).isEqualTo(Duration.ofSeconds(20));
        assertThat(stop.drain(Duration.ofSeconds(8), Duration.ofSeconds(25))).isEqualTo(Duration.ofSeconds(12));
        assertThat(stop.drain(Duration.ZERO, Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
        assertThat(stop.drain(Duration.ofMinutes(1), Duration.ofSeconds(3))).isEqualTo(Duration.ZERO);
    }
}
