package com.esperr.client;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One call with its retries. Thread-safe; its steps follow each other on whatever thread ends the one before, and none waits. It is over
 * when its future is, whoever ends that: what is then under way is let go.
 */
final class Call<T> {
    private final HttpClient http;
    private final HttpRequest request;
    private final AnswerReader<T> reader;
    private final Settings settings;
    private final Timing timing;
    private final Usage usage;
    private final Failures failures;
    private final long begun;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final AtomicBoolean counted = new AtomicBoolean();
    private volatile Runnable stop = () -> {};
    // Handed from step to step by the future that ends each.
    private int retriesDone;

    Call(HttpClient http, HttpRequest request, AnswerReader<T> reader, Settings settings, Timing timing, Usage usage) {
        this.http = http;
        this.request = request;
        this.reader = reader;
        this.settings = settings;
        this.timing = timing;
        this.usage = usage;
        this.failures = new Failures(request.uri().getPath(), settings.apiKey(), timing);
        this.begun = timing.nanos();
    }

    /** Begins; cancelling the future cancels the call. Afterwards {@code over} is run. */
    CompletableFuture<T> start(Runnable over) {
        usage.began();
        result.whenComplete((value, failure) -> {
            count(failure);
            stop.run();
            over.run();
        });
        attempt();
        return result;
    }

    void cancel() {
        result.cancel(true);
    }

    private void attempt() {
        Duration limit = limit();
        CompletableFuture<HttpResponse<BoundedBody.Received>> outcome = new CompletableFuture<>();
        CompletableFuture<HttpResponse<BoundedBody.Received>> sent = send();
        Runnable disarm = timing.after(limit, () -> outcome.completeExceptionally(failures.late(limit)));
        Runnable release = () -> {
            disarm.run();
            // Only this very future aborts the exchange, none that is made from it.
            sent.cancel(true);
        };
        sent.whenComplete((answer, failure) -> {
            if (failure == null) {
                outcome.complete(answer);
            } else {
                outcome.completeExceptionally(failure);
            }
        });
        stopWith(release);
        outcome.whenComplete((answer, failure) -> {
            release.run();
            guarded(() -> ended(answer, failure));
        });
    }

    private CompletableFuture<HttpResponse<BoundedBody.Received>> send() {
        try {
            return http.sendAsync(request, BoundedBody.handler());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void ended(@Nullable HttpResponse<BoundedBody.Received> answer, @Nullable Throwable failure) {
        if (result.isDone()) {
            return;
        }
        if (answer == null || failure != null) {
            retryOrFail(failures.broken(failure == null ? new IllegalStateException("no answer") : failure));
        } else if (reader.answers(answer.statusCode())) {
            read(answer);
        } else {
            retryOrFail(failures.status(answer));
        }
    }

    private void read(HttpResponse<BoundedBody.Received> answer) {
        try {
            String objection = answer.body().objection();
            if (objection != null) {
                throw new MalformedAnswerException(objection);
            }
            T value = reader.read(
                    answer.statusCode(), answer.headers(), answer.body().bytes());
            // Counted first, so that whoever has the answer finds it in the figures.
            count(null);
            result.complete(value);
        } catch (MalformedAnswerException e) {
            fail(failures.malformed(answer, e));
        }
    }

    private void retryOrFail(EsperException failure) {
        Duration pause = settings.retries().pause(failure, retriesDone, timing.random());
        if (pause == null || pause.compareTo(left()) >= 0) {
            fail(failure);
            return;
        }
        retriesDone++;
        stopWith(timing.after(pause, () -> {
            if (!result.isDone()) {
                usage.retried();
                guarded(this::attempt);
            }
        }));
    }

    /** A defect of ours must not leave somebody waiting for ever. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(RuntimeException failure) {
        count(failure);
        result.completeExceptionally(failure);
    }

    private void count(@Nullable Throwable failure) {
        if (counted.compareAndSet(false, true)) {
            usage.ended(failure, timing.nanos() - begun);
        }
    }

    private void stopWith(Runnable next) {
        stop = next;
        if (result.isDone()) {
            next.run();
        }
    }

    private Duration limit() {
        Duration left = left();
        return left.compareTo(settings.timeout()) < 0 ? left : settings.timeout();
    }

    /** What is left of the deadline, at least nothing. */
    private Duration left() {
        Duration deadline = settings.deadline();
        if (deadline == null) {
            return Duration.ofSeconds(Long.MAX_VALUE);
        }
        Duration left = deadline.minusNanos(timing.nanos() - begun);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
