package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryPlanTest {
    @Test
    void thePlanSaysEverySettingAndWhatItIsFor() {
        Ran plan = Ran.command("plan", "--entities", "100000", "--connections", "2000");
        assertThat(plan.code()).isZero();
        assertThat(plan.text())
                .contains(
                        "100,000 visitors", "2,000 idle connections", "-Xmx", "-XX:MaxDirectMemorySize=", "container");
    }

    @Test
    void moreTakesMoreAndNothingOverflows() {
        assertThat(new MemoryPlan(1_000_000, 10).heap()).isGreaterThan(new MemoryPlan(100_000, 10).heap());
        assertThat(new MemoryPlan(1_000_000_000, 1_000_000_000).container()).isPositive();
        MemoryPlan plan = new MemoryPlan(0, 0);
        assertThat(plan.container()).isGreaterThanOrEqualTo(plan.resident() + plan.largestDirect());
        assertThat(plan.largestHeap()).isGreaterThan(plan.heap());
    }

    @Test
    void whatCannotBeIsSaid() {
        Ran wrong = Ran.command("plan", "--entities", "-1");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("--entities: -1 (expected: 0..1000000000)");
    }
}
