package com.esperr.gateway.child;

import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until a process is ready, on a thread for each. Immutable.
 *
 * @param name what it is called
 * @param readiness looks
 * @param place where it is to listen
 * @param limit how long it may take
 * @param patience how long it then has to end
 * @param nanos the time
 */
record Waiting(String name, Readiness readiness, Place place, Duration limit, Duration patience, LongSupplier nanos) {
    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);
    private static final long FIRST_PAUSE = 20;
    private static final long LONGEST_PAUSE = 250;

    /**
     * Looks at {@code process} until one of the two is told, or it has ended.
     *
     * @param before what {@link Readiness#before} said
     */
    void begin(Process process, @Nullable FileTime before, Runnable ready, Consumer<String> late) {
        LOG.info("exec: waiting for {}, for at most {} s", readiness.awaited(), limit.toMillis() / 1000.0);
        Thread thread = new Thread(() -> look(process, before, ready, late), "exec-ready");
        thread.setDaemon(true);
        thread.start();
    }

    private void look(Process process, @Nullable FileTime before, Runnable ready, Consumer<String> late) {
        long begun = nanos.getAsLong();
        long pause = FIRST_PAUSE;
        while (process.isAlive()) {
            String trouble = readiness.trouble(before);
            long spent = nanos.getAsLong() - begun;
            if (trouble == null) {
                LOG.info("exec: {} is ready after {} ms", name, spent / 1_000_000);
                ready.run();
                return;
            }
            if (spent >= limit.toNanos()) {
                late.accept("is not ready within exec.ready.timeout: waited for " + readiness.awaited() + ", but "
                        + trouble + readiness.hint(trouble));
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                return;
            }
            pause = Math.min(LONGEST_PAUSE, pause * 2);
        }
    }
}
