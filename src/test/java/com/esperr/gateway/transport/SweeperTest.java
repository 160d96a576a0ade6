package com.esperr.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SweeperTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Sweeper sweeper = new Sweeper(channel.eventLoop(), () -> 42);
    private final List<String> visits = new ArrayList<>();

    @AfterEach
    void close() {
        channel.close();
    }

    private Sweeper.Entry register(String name) {
        return sweeper.register(now -> visits.add(name + now));
    }

    private void pass() {
        visits.clear();
        channel.advanceTimeBy(Sweeper.INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void everyoneIsVisitedAgainAndAgain() {
        register("a");
        register("b");
        pass();
        assertThat(visits).containsExactlyInAnyOrder("a42", "b42");
        pass();
        assertThat(visits).containsExactlyInAnyOrder("a42", "b42");
    }

    @Test
    void whoHasClosedIsVisitedNoMore() {
        register("a");
        Sweeper.Entry b = register("b");
        register("c");
        b.close();
        b.close();
        pass();
        assertThat(visits).containsExactlyInAnyOrder("a42", "c42");
    }

    @Test
    void aVisitMayCloseItselfAndOthersAndNobodyIsVisitedTwice() {
        List<Sweeper.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int own = i;
            entries.add(sweeper.register(now -> {
                visits.add("v" + own);
                entries.get(own).close();
                entries.get((own + 5) % 10).close();
            }));
        }
        pass();
        assertThat(visits).doesNotHaveDuplicates().isNotEmpty();
        pass();
        assertThat(visits).isEmpty();
    }

    @Test
    void whoIsRegisteredDuringAVisitIsVisitedNextTime() {
        boolean[] added = new boolean[1];
        sweeper.register(now -> {
            if (!added[0]) {
                added[0] = true;
                register("late");
            }
        });
        pass();
        assertThat(visits).isEmpty();
        pass();
        assertThat(visits).containsExactly("late42");
    }

    @Test
    void whoThrowsCostsNobodyElseTheirVisits() {
        register("a");
        sweeper.register(now -> {
            throw new IllegalStateException("a defect");
        });
        sweeper.register(now -> {
            throw new StackOverflowError("another");
        });
        register("b");
        pass();
        assertThat(visits).containsExactlyInAnyOrder("a42", "b42");
        pass();
        assertThat(visits).containsExactlyInAnyOrder("a42", "b42");
    }

    @Test
    void theTimerRestsWhileNobodyIsThere() {
        Sweeper.Entry only = register("a");
        only.close();
        pass();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
        register("b");
        pass();
        assertThat(visits).containsExactly("b42");
    }
}
