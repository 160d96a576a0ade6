package com.esperr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class MainTest {
    private static final String SAMPLING = "io.netty.leakDetection.samplingInterval";

    @Test
    void buffersAreWatchedInSamplesThatCostNothing() {
        Properties none = new Properties();
        Main.sampleFewer(none);
        assertThat(none).containsEntry(SAMPLING, "4096");
    }

    @Test
    void whoeverSearchesALeakSaysHowManyAreWatched() {
        Properties told = new Properties();
        told.setProperty(SAMPLING, "1");
        Main.sampleFewer(told);
        assertThat(told).containsEntry(SAMPLING, "1");
    }
}
