package com.esperr.gateway.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.cloud.Asker.Question;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.testkit.TestEsper;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A service that takes far longer than the budget costs a visitor the budget and little more, even if the questions of 300
 * visitors expire in the same instant on the same event loop.
 *
 * <p>What is held to the limit is our own share of the delay: the processor time of the event loop from just before the
 * deadline until the visitor is told, which unlike the clock does not run while the machine does something else. That
 * nothing waits without working is shown beside a bare timer of the same loop, in the round that was disturbed least.
 */
class SlowServiceIT {
    private static final Duration BUDGET = Duration.ofMillis(250);
    private static final Duration OWN = Duration.ofMillis(5);
    private static final Duration BEFORE = Duration.ofMillis(2);
    private static final int QUESTIONS = 300;
    private static final int WARM_UPS = 4;
    private static final int ROUNDS = 4;
    private static final int MOST_ROUNDS = 40;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Logged logged = Logged.below("com.esperr.gateway.cloud");
    private final TestEsper esper = TestEsper.start();
    // Nothing that would spare the service: each visitor has a question of his own, the breaker stays closed, and the
    // number of questions under way is not cut.
    private final Asker asker =
            new Asker(esper, "coalesce = false, breaker.share = 1, breaker.failures = 1000000, concurrency.min = 2048");

    @AfterEach
    void stop() {
        asker.close();
        esper.close();
        logged.close();
    }

    // What the first visitor of a round was told later than a bare timer for the same time, in the best round.
    private long behindTimer = Long.MAX_VALUE;

    @Test
    void nobodyWaitsLongerThanTheBudgetAndFiveMillisecondsOfOurOwn() {
        esper.inject(Fault.SILENT);
        for (int i = 0; i < WARM_UPS; i++) {
            expireTogether();
        }
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < MOST_ROUNDS && told.size() < ROUNDS * QUESTIONS; i++) {
            told.addAll(expireTogether());
        }
        long[] own = told.stream().mapToLong(Told::own).sorted().toArray();
        long[] late = told.stream().mapToLong(Told::late).sorted().toArray();
        System.out.printf(
                "slow service, budget %d ms, %d questions, %d expiring at once: own delay p50 %.1f ms, p99 %.1f ms;"
                        + " by the clock p50 %.1f ms, p99 %.1f ms beyond the budget%n",
                BUDGET.toMillis(),
                own.length,
                QUESTIONS,
                millis(own, 50),
                millis(own, 99),
                millis(late, 50),
                millis(late, 99));
        assertThat(own).hasSize(ROUNDS * QUESTIONS);
        assertThat(behindTimer).isLessThanOrEqualTo(OWN.toNanos());
        assertThat(millis(own, 99)).isLessThanOrEqualTo(OWN.toMillis());
        assertThat(asker.source.failures(FailureReason.DECISION_OVERLOAD)).isZero();
        assertThat(asker.source.callsInFlight()).isZero();
    }

    /**
     * How one question ended.
     *
     * @param own processor time of the event loop from just before the deadline
     * @param late time since the deadline
     */
    private record Told(long own, long late) {}

    /** Nothing if this machine could not even ask all questions in time. */
    private List<Told> expireTogether() {
        long deadline = asker.clock.getAsLong() + BUDGET.toNanos();
        CompletableFuture<Long> before = new CompletableFuture<>();
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Boolean> inTime = before.thenApply(used -> asked.get() == QUESTIONS);
        asker.onLoop(() -> asker.loop.schedule(
                () -> before.complete(THREADS.getCurrentThreadCpuTime()),
                deadline - BEFORE.toNanos() - asker.clock.getAsLong(),
                TimeUnit.NANOSECONDS));
        CompletableFuture<Long> timer = new CompletableFuture<>();
        asker.onLoop(() -> asker.loop.schedule(
                () -> timer.complete(asker.clock.getAsLong()),
                deadline - asker.clock.getAsLong(),
                TimeUnit.NANOSECONDS));
        List<CompletableFuture<Told>> all = new ArrayList<>();
        for (int i = 0; i < QUESTIONS; i++) {
            Question question = new Question(asker.loop);
            all.add(question.outcome.thenApply(outcome -> {
                assertThat(outcome.failure()).isEqualTo(FailureReason.DECISION_TIMEOUT);
                return new Told(
                        THREADS.getCurrentThreadCpuTime() - before.getNow(0L), asker.clock.getAsLong() - deadline);
            }));
            RequestContext request = Requests.get("/" + i).context();
            asker.loop.execute(() -> {
                asker.source.decide(request, new Deadline(deadline), question);
                asked.incrementAndGet();
            });
        }
        List<Told> told = all.stream().map(Asker::await).toList();
        behindTimer = Math.min(behindTimer, told.get(0).late() + deadline - Asker.await(timer));
        return Asker.await(inTime) ? told : List.of();
    }

    private static double millis(long[] sorted, int percent) {
        return LongStream.of(sorted)
                        .skip(sorted.length * percent / 100)
                        .findFirst()
                        .orElseThrow()
                / 1e6;
    }
}
