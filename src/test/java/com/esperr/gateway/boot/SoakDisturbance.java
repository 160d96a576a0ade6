package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Visitors of a gateway whose origin restarts every second and whose service fails every other quarter of one. */
final class SoakDisturbance {
    private final TestOrigin origin;
    private final TestEsper esper;
    private final List<Fault> faults;
    private final SoakClient.Tally tally;
    private final AtomicInteger restarts = new AtomicInteger();

    SoakDisturbance(TestOrigin origin, TestEsper esper, List<Fault> faults, SoakClient.Tally tally) {
        this.origin = origin;
        this.esper = esper;
        this.faults = faults;
        this.tally = tally;
    }

    /** How often the origin was restarted. */
    int restarts() {
        return restarts.get();
    }

    /** So many visitors come to {@code port} for that long, each at {@code pace}; afterwards origin and service are well. */
    void run(int port, int visitors, SoakPace pace, long millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        ScheduledExecutorService chaos = Executors.newScheduledThreadPool(2);
        ExecutorService pool = Executors.newFixedThreadPool(visitors);
        List<SoakClient> clients = new ArrayList<>();
        List<Future<?>> runs = new ArrayList<>();
        chaos.scheduleAtFixedRate(this::restartOrigin, 1000, 1000, TimeUnit.MILLISECONDS);
        chaos.scheduleAtFixedRate(this::disturbEsper, 250, 250, TimeUnit.MILLISECONDS);
        for (int i = 0; i < visitors; i++) {
            SoakClient client = new SoakClient(i, port, tally, pace);
            clients.add(client);
            runs.add(pool.submit(client));
        }
        chaos.schedule(() -> clients.forEach(SoakClient::stop), millis, TimeUnit.MILLISECONDS);
        for (Future<?> run : runs) {
            run.get(millis + 60_000, TimeUnit.MILLISECONDS);
        }
        pace.close();
        pool.shutdown();
        chaos.shutdownNow();
        assertThat(chaos.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        origin.restart();
        esper.heal();
    }

    private void restartOrigin() {
        origin.stop();
        origin.forget();
        origin.restart();
        restarts.incrementAndGet();
    }

    private void disturbEsper() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        esper.heal().forget();
        if (random.nextBoolean()) {
            esper.inject(faults.get(random.nextInt(faults.size())), random.nextInt(60), random.nextInt(30));
        }
    }
}
