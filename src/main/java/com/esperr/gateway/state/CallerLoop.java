package com.esperr.gateway.state;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings answers of Redis back to the thread that asked. Immutable.
 *
 * @param callers the executor of the calling thread, asked on that thread
 */
record CallerLoop(Supplier<Executor> callers) {
    private static final Logger LOG = LoggerFactory.getLogger(CallerLoop.class);

    /** Has {@code sink} told what comes of {@code answer}, one of the two never null; at once if it has failed already. */
    <T> void bring(CompletableFuture<T> answer, BiConsumer<@Nullable T, @Nullable Throwable> sink) {
        if (answer.isCompletedExceptionally()) {
            answer.whenComplete(sink);
            return;
        }
        Executor caller = callers.get();
        answer.whenComplete((value, failure) -> {
            try {
                caller.execute(() -> sink.accept(value, failure));
            } catch (RejectedExecutionException stopped) {
                LOG.debug("nobody waits for this answer any more", stopped);
            }
        });
    }
}
