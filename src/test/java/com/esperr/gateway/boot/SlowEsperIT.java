package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What visitors of the true gateway notice of an Esper that does not answer for more than five seconds: the budget, and
 * little more. Each asked request is followed by one of an exempt route on the same connection; what both take alike is
 * the machine, the way to the origin and this test. The percentiles are printed; held to the limit is what a busy machine
 * cannot spoil: the quickest tenth in the best of a few rounds. {@code SlowServiceIT} holds the gateway's own share of
 * each visitor's delay to it.
 */
class SlowEsperIT {
    private static final Duration BUDGET = Duration.ofMillis(250);
    private static final Duration OWN = Duration.ofMillis(5);
    private static final int VISITORS = 24;
    private static final int REQUESTS = 10;
    private static final int ROUNDS = 6;
    private static final int FEWEST = 2;

    private final TestOrigin origin = TestOrigin.start();
    private final TestEsper esper = TestEsper.start();
    private final ExecutorService threads = Executors.newFixedThreadPool(VISITORS);
    // Nothing that would spare Esper: the breaker stays closed, and the number of questions under way is not cut.
    private final TestGateway gateway = TestGateway.start(
            "routes = [ { path = \"/free/**\", tier = exempt } ]",
            Map.of(
                    "mode",
                    "cloud",
                    "origin.url",
                    origin.url(),
                    "esper.api-url",
                    esper.url(),
                    "esper.api-key",
                    TestEsper.API_KEY,
                    "esper.breaker.share",
                    "1",
                    "esper.breaker.failures",
                    "1000000",
                    "esper.concurrency.min",
                    "2048",
                    "decision.timeout",
                    BUDGET.toMillis() + "ms"));

    @AfterEach
    void stop() {
        threads.shutdownNow();
        gateway.close();
        esper.close();
        origin.close();
        assertThat(esper.violations()).isEmpty();
    }

    @Test
    void visitorsWaitForTheBudgetAndNoMoreThanFiveMillisecondsOfOurOwn() {
        esper.inject(Fault.SILENT);
        int asked = 0;
        double best = Double.MAX_VALUE;
        for (int round = 0; round < FEWEST || (round < ROUNDS && best > OWN.toMillis()); round++) {
            Times times = round(round);
            asked += VISITORS * REQUESTS;
            best = Math.min(best, times.beyond());
            assertThat(times.asked[0]).isGreaterThanOrEqualTo(BUDGET.toNanos());
            System.out.println(times);
        }
        assertThat(best).isLessThanOrEqualTo(OWN.toMillis());
        assertThat(gateway.failures(FailureReason.DECISION_TIMEOUT)).isEqualTo(asked);
    }

    /** Milliseconds, in order. */
    private record Times(long[] asked, long[] free) {
        /** What the quickest tenth waits beyond the budget and what a request costs anyway. */
        double beyond() {
            return percentile(asked, 10) - BUDGET.toMillis() - percentile(free, 10);
        }

        @Override
        public String toString() {
            return String.format(
                    "slow Esper, budget %d ms, %d requests of %d visitors: p50 %.1f ms, p99 %.1f ms;"
                            + " exempt beside them: p50 %.1f ms, p99 %.1f ms",
                    BUDGET.toMillis(),
                    asked.length,
                    VISITORS,
                    percentile(asked, 50),
                    percentile(asked, 99),
                    percentile(free, 50),
                    percentile(free, 99));
        }

        private static double percentile(long[] sorted, int percent) {
            return sorted[sorted.length * percent / 100] / 1e6;
        }
    }

    private Times round(int round) {
        List<Future<long[]>> visits = new ArrayList<>();
        for (int i = 0; i < VISITORS; i++) {
            String name = round + "-" + i;
            visits.add(threads.submit(() -> visit(name)));
        }
        List<long[]> all = visits.stream().map(SlowEsperIT::await).toList();
        return new Times(
                all.stream()
                        .flatMapToLong(times -> LongStream.of(times).limit(REQUESTS))
                        .sorted()
                        .toArray(),
                all.stream()
                        .flatMapToLong(times -> LongStream.of(times).skip(REQUESTS))
                        .sorted()
                        .toArray());
    }

    /** The times of the asked requests of one visitor and behind them those of his exempt ones. */
    private long[] visit(String name) {
        long[] times = new long[2 * REQUESTS];
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < REQUESTS; i++) {
                times[i] = time(client, "/asked/" + name + "/" + i);
                times[REQUESTS + i] = time(client, "/free/" + i);
            }
        }
        return times;
    }

    private static long time(RawClient client, String target) {
        long start = System.nanoTime();
        client.send("GET " + target + " HTTP/1.1\r\nHost: shop.test\r\n\r\n");
        int status = client.readResponse().status();
        long time = System.nanoTime() - start;
        assertThat(status).isEqualTo(200);
        return time;
    }

    private static long[] await(Future<long[]> visit) {
        try {
            return visit.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("no times", e);
        }
    }
}
