package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLevelsTest {
    private static final String OWN = "com.esperr.gateway";
    private static final String CLOUD = OWN + ".cloud";

    private final LoggerContext context = new LoggerContext();
    private final LogLevels levels = new LogLevels(context, () -> 1_700_000_000_000L);
    private final Logger below = context.getLogger(CLOUD + ".CloudSource");

    @ParameterizedTest
    @CsvSource({
        "cloud, com.esperr.gateway.cloud",
        "http2, com.esperr.gateway.http2",
        "gateway, com.esperr.gateway",
        "root, ROOT",
        "io.netty, io.netty",
        "com.esperr.gateway.proxy.Exchange, com.esperr.gateway.proxy.Exchange"
    })
    void aWordMeansAPackageOfTheGateway(String word, String name) {
        assertThat(LogLevels.logger(word)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "../x", "-x", "a\nb"})
    void whatNoLoggerIsCalledIsRefused(String word) {
        assertThatThrownBy(() -> LogLevels.logger(word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a package of the gateway");
    }

    @Test
    void aChangeHoldsForEverythingBelowAndIsTakenBack() {
        levels.usual(LogLevel.WARN);
        levels.change(CLOUD, "debug", "alice");
        assertThat(below.getEffectiveLevel()).isEqualTo(Level.DEBUG);
        assertThat(levels.list())
                .contains(new LogLevels.Shown(CLOUD, "debug", "alice", Instant.ofEpochMilli(1_700_000_000_000L)))
                .contains(new LogLevels.Shown(OWN, "warn", null, null));
        assertThat(levels.takeBack(CLOUD)).isTrue();
        assertThat(below.getEffectiveLevel()).isEqualTo(Level.WARN);
        assertThat(levels.takeBack(CLOUD)).isFalse();
    }

    @Test
    void whatIsChangedByHandOutlastsAnotherConfiguration() {
        levels.usual(LogLevel.INFO);
        levels.change(OWN, "trace", "alice");
        levels.usual(LogLevel.ERROR);
        assertThat(below.getEffectiveLevel()).isEqualTo(Level.TRACE);
        assertThat(levels.usual()).isEqualTo(LogLevel.ERROR);
        levels.change(OWN, "debug", "bob");
        levels.takeBack(OWN);
        assertThat(below.getEffectiveLevel()).as("as configured last").isEqualTo(Level.ERROR);
    }

    @Test
    void aLevelThatTheLoggingLibraryConfiguredComesBack() {
        context.getLogger("io.lettuce").setLevel(Level.ERROR);
        levels.change("io.lettuce", "info", "alice");
        levels.change("io.lettuce", "off", "alice");
        levels.takeBack("io.lettuce");
        assertThat(context.getLogger("io.lettuce").getLevel()).isEqualTo(Level.ERROR);
    }

    @Test
    void onlySoManyAreChanged() {
        for (int i = 0; i < LogLevels.MOST; i++) {
            levels.change("some.logger" + i, "debug", "alice");
        }
        assertThatThrownBy(() -> levels.change("one.more", "debug", "alice")).hasMessageContaining("64 loggers");
        levels.change("some.logger1", "info", "alice");
        assertThat(levels.changes()).isEqualTo(LogLevels.MOST);
    }

    @Test
    void noOtherLevelsAreKnown() {
        assertThatThrownBy(() -> levels.check(CLOUD, "loud"))
                .hasMessage("level: loud (expected: error, warn, info, debug, trace or off)");
    }
}
