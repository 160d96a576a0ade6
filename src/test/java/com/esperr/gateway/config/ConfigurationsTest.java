package com.esperr.gateway.config;

import static com.esperr.gateway.config.Sample.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ConfigurationsTest {
    private static final Function<Section, Integer> BACKLOG = root -> {
        int backlog = root.section("listen").integer("backlog", 1, 200);
        if (backlog == 128) {
            throw new IllegalArgumentException("contradiction");
        }
        return backlog;
    };

    @Test
    void anExceptionOfAReaderGivesWayToTheProblemsFound() {
        Loaded<Integer> loaded = read(Map.of("listen.backlog", "x"), BACKLOG);
        assertThat(loaded.problems()).extracting(Problem::path).containsExactly("listen.backlog");
        assertThat(loaded.isValid()).isFalse();
    }

    @Test
    void anExceptionWithoutProblemsIsAMistakeInTheProgram() {
        assertThatThrownBy(() -> read(Map.of(), BACKLOG)).hasMessage("contradiction");
    }

    @Test
    void aHalfReadConfigurationCannotBeUsed() {
        Loaded<String> loaded = read(Map.of("nothing", "x"), root -> "read");
        assertThatThrownBy(loaded::value)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("option nothing: nothing: unknown key");
    }

    @Test
    void theEffectiveConfigurationIsMerged() {
        Loaded<Integer> loaded = read(Map.of("listen.backlog", "7"), BACKLOG);
        assertThat(loaded.value()).isEqualTo(7);
        assertThat(loaded.isValid()).isTrue();
        assertThat(loaded.effective().getInt("listen.backlog")).isEqualTo(7);
        assertThat(loaded.effective().getString("mode")).isEqualTo("local");
    }
}
