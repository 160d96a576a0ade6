package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogConfigTest {
    @Test
    void byDefaultTheAccessLogGoesToStandardOutput() {
        LogConfig config = read(Map.of()).value();
        assertThat(config)
                .isEqualTo(new LogConfig(LogConfig.STDOUT, false, 8192, null, LogLevel.INFO, Duration.ofSeconds(10)));
        assertThat(config.accessOff()).isFalse();
    }

    @Test
    void offTurnsTheAccessLogOff() {
        assertThat(read(Map.of("log.access", "off")).value().accessOff()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"log.access, ''", "log.access-queue, 1", "log.access-queue, 2000000", "log.level, loud"})
    void whatCannotBeMeantIsAProblem(String key, String value) {
        assertThat(read(Map.of(key, value)).problems())
                .anySatisfy(problem -> assertThat(problem.toString()).contains(key));
    }

    private static Loaded<LogConfig> read(Map<String, String> options) {
        return Configurations.read(
                ConfigSource.load(null, Map.of(), options), root -> LogConfig.read(root.section("log")));
    }
}
