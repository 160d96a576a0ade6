package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HurryTest {
    private final AtomicLong nanos = new AtomicLong(-5);
    private final List<String> hurried = new ArrayList<>();
    private final Hurry hurry = new Hurry(100, nanos::get);

    HurryTest() {
        hurry.by(() -> hurried.add("first"));
    }

    @Test
    void theFirstCommandIsNone() {
        hurry.told();
        assertThat(hurried).isEmpty();
    }

    @Test
    void theSameCommandOnItsOtherWayIsNone() {
        hurry.told();
        nanos.addAndGet(99);
        hurry.told();
        assertThat(hurried).isEmpty();
    }

    @Test
    void everyLaterOneEndsWhatIsWaitedForThen() {
        hurry.told();
        nanos.addAndGet(100);
        hurry.told();
        hurry.by(() -> hurried.add("second"));
        nanos.addAndGet(99);
        hurry.told();
        nanos.addAndGet(1);
        hurry.told();
        assertThat(hurried).containsExactly("first", "second");
    }
}
