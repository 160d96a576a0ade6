package com.esperr.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RolloutRecordTest extends RolloutScene {
    @Test
    void ordersThatCannotBeRecordedAreRefusedAndNobodyElseHearsOfThem() {
        site = new Site(config(0.0, 0.5), better);
        Site other = new Site(config(0.0, 0.5), better);
        recordable = false;
        for (Order order : List.of(Order.NEXT, Order.PROMOTE, Order.AGAIN)) {
            assertThat(site.rollout.order(order, "anna")).as(order.label()).isEqualTo(Rollout.UNRECORDED);
            other.later(Duration.ZERO);
            assertThat(List.of(site.state(), other.state())).containsOnly("running 0.0");
        }
        assertThat(site.rollout.ended(Progress.Phase.PROMOTED)).isZero();
        recordable = true;
        site.later(Duration.ZERO);
        assertThat(site.state()).as("nor done later").isEqualTo("running 0.0");
        assertThat(site.engine.policies()).isSameAs(good);
        assertThat(site.ask(1, "/attack")).isEqualTo("allow");
    }

    @Test
    void howItStandsIsSaidWhilePoliciesAreReplaced() throws Exception {
        site = new Site(config(0.0, 0.5), better);
        // As the metrics are scraped by one who holds what a reload waits for.
        synchronized (site) {
            assertThat(CompletableFuture.supplyAsync(site::state).get(60, TimeUnit.SECONDS))
                    .isEqualTo("running 0.0");
        }
    }

    @Test
    void aStageIsNotLeftForTheNextUntilThatCanBeRecorded() {
        site = new Site(config(0.0, 0.5), better);
        site.crowd(100, "/");
        recordable = false;
        site.later(Duration.ofMinutes(10));
        assertThat(site.state()).isEqualTo("running 0.0");
        recordable = true;
        site.later(Duration.ZERO);
        assertThat(site.state()).isEqualTo("running 0.5");
        assertThat(recorded).containsExactly("rollout stage 0 0 %", "rollout stage 1 50 %");
    }

    @Test
    void nothingIsBegunUntilThatCanBeRecorded() {
        recordable = false;
        site = new Site(config(1.0), better);
        site.later(Duration.ZERO);
        assertThat(site.state()).isEqualTo("none 0.0");
        assertThat(site.ask(1, "/attack")).isEqualTo("allow");
        recordable = true;
        site.later(Duration.ZERO);
        assertThat(site.state()).isEqualTo("running 1.0");
        assertThat(site.ask(1, "/attack")).isEqualTo("block");
    }

    @Test
    void goesBackEvenIfThatCannotBeRecorded() {
        site = new Site(config(0.5), bad);
        IntStream.range(0, 100).forEach(i -> site.ask(holder(i, "/")));
        recordable = false;
        site.later(Duration.ZERO);
        assertThat(site.state()).isEqualTo("rolled-back 0.0");
        assertThat(site.ask(0, "/")).isEqualTo("allow");
    }

    @Test
    void isAbortedAfterAPromotionEvenIfThatCannotBeRecorded() {
        site = new Site(config(0.5), better);
        site.rollout.order(Order.PROMOTE, "anna");
        assertThat(site.engine.policies()).isSameAs(better);
        recordable = false;
        assertThat(site.rollout.order(Order.ABORT, "anna")).isNull();
        assertThat(site.state()).isEqualTo("aborted 0.0");
        assertThat(site.engine.policies()).isSameAs(good);
    }
}
