package com.esperr.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloodAllowancesTest {
    private static Loaded<FloodAllowances> read(Map<String, String> options) {
        return Configurations.read(
                ConfigSource.load(null, Map.of(), options),
                root -> FloodAllowances.read(
                        root.section("listen").section("http2").section("floods")));
    }

    @Test
    void theReferenceSaysWhatEveryKindHasByItself() {
        assertThat(read(Map.of()).value()).isEqualTo(FloodAllowances.USUAL);
    }

    @Test
    void whoIsAllowedMoreMaySendMore() {
        FloodAllowances allowed =
                read(Map.of("listen.http2.floods.ping", "2,1")).value();
        FloodBudget budget = new FloodBudget(allowed, 0);
        assertThat(budget.spend(Flood.PING, 0)).isTrue();
        assertThat(budget.spend(Flood.PING, 0)).isTrue();
        assertThat(budget.spend(Flood.PING, 0)).isFalse();
        assertThat(budget.spend(Flood.SETTINGS, 0)).isTrue();
        FloodBudget later = new FloodBudget(allowed, 0);
        assertThat(later.spend(Flood.PING, 0)).isTrue();
        assertThat(later.spend(Flood.PING, 0)).isTrue();
        assertThat(later.spend(Flood.PING, 1_000_000_000L)).isTrue();
        assertThat(later.spend(Flood.PING, 1_000_000_000L)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"ping, '10'", "ping, '10,0'", "settings, '1,2,3'", "rapid-reset, 'a,b'", "priority, ''"})
    void whatIsNotTwoNumbersIsAProblem(String kind, String value) {
        assertThat(read(Map.of("listen.http2.floods." + kind, value)).problems())
                .isNotEmpty()
                .allSatisfy(problem ->
                        assertThat(problem.toString()).contains("listen.http2.floods." + kind, "how many at once"));
    }
}
