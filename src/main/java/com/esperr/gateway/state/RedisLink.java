package com.esperr.gateway.state;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection on which commands go to Redis, many at a time. Thread-safe; nothing here blocks, and every command is
 * answered or has failed by its timeout: at once while there is no connection, and by the link that takes its place if there is one. A connection on which nothing is answered any
 * more is dropped, as is one to a replica that takes no writes, and a new one is made, on a background thread, with pauses.
 */
final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    /** How often Redis is looked at when nobody asks for anything. */
    static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private static final Duration SHORTEST_STALL = Duration.ofMillis(250);
    private static final int STALLED_TIMEOUTS = 5;
    private static final SetArgs SOON_FORGOTTEN = SetArgs.Builder.px(60_000);

    private final RedisAccess access;
    private final Duration timeout;
    private final long stallNanos;
    private final SharedClock clock;
    private final LongSupplier nanos;
    private final ScheduledExecutorService worker;
    private final Function<RedisAsyncCommands<String, String>, CompletionStage<?>> greeting;
    private final RedisCounts counts;
    private final BackOff backOff;
    private final AtomicReference<@Nullable StatefulRedisConnection<String, String>> connection =
            new AtomicReference<>();
    /** When the oldest command ran out of time since the last answer, or 0. */
    private final AtomicLong silentSince = new AtomicLong();

    private final AtomicInteger underWay = new AtomicInteger();
    private volatile String absence = "not tried yet";
    private volatile @Nullable String complaint;
    private volatile @Nullable Future<?> beats;
    private volatile @Nullable RedisLink successor;
    private volatile boolean closed;

    /**
     * A link that is not connected yet.
     *
     * @param worker one thread, for connecting and for heartbeats
     * @param greeting what else has to succeed on a new connection before it is used, and again at every heartbeat
     */
    RedisLink(
            RedisAccess access,
            SharedClock clock,
            LongSupplier nanos,
            ScheduledExecutorService worker,
            Function<RedisAsyncCommands<String, String>, CompletionStage<?>> greeting,
            RedisCounts counts) {
        this.access = access;
        this.timeout = access.config().timeout();
        this.stallNanos = Math.max(SHORTEST_STALL.toNanos(), timeout.toNanos() * STALLED_TIMEOUTS);
        this.clock = clock;
        this.nanos = nanos;
        this.worker = worker;
        this.greeting = greeting;
        this.counts = counts;
        this.backOff = access.backOff();
    }

    /** Begins to connect, and to stay connected. */
    void start() {
        worker.execute(this::connect);
        beats = worker.scheduleWithFixedDelay(
                this::beat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks at Redis no more by itself; commands go there as before. */
    void fade() {
        Future<?> running = beats;
        if (running != null) {
            running.cancel(false);
        }
    }

    /** Where it leads. */
    RedisAccess access() {
        return access;
    }

    /** Whether commands are sent now. */
    boolean isUp() {
        return connection.get() != null;
    }

    /** Null, or one sentence on what is wrong. */
    @Nullable
    String trouble() {
        String refusal = complaint;
        if (connection.get() == null) {
            return access.config().address() + ": not connected: " + absence;
        }
        return refusal == null ? null : access.config().address() + ": " + refusal;
    }

    /** Runs a script, by its digest if Redis knows it; on a failure the whole may take two timeouts. */
    <T> CompletableFuture<T> run(RedisScript script, ScriptOutputType type, String[] keys, String... arguments) {
        CompletableFuture<T> answer = ask(redis -> redis.evalsha(script.digest(), type, keys, arguments));
        return answer.exceptionallyCompose(failure -> {
            if (RedisFailures.cause(failure) instanceof RedisNoScriptException) {
                return ask(redis -> redis.eval(script.text(), type, keys, arguments));
            }
            return CompletableFuture.failedFuture(failure);
        });
    }

    /** Sends a command; what comes of it is known within the timeout. */
    <T> CompletableFuture<T> ask(Function<RedisAsyncCommands<String, String>, RedisFuture<T>> command) {
        // Before the look at who takes its place: whoever waits for the last command here then misses none.
        underWay.incrementAndGet();
        RedisLink other = successor;
        if (other != null) {
            underWay.decrementAndGet();
            return other.ask(command);
        }
        StatefulRedisConnection<String, String> open = connection.get();
        if (open == null) {
            underWay.decrementAndGet();
            counts.refused();
            return CompletableFuture.failedFuture(new RedisException(trouble()));
        }
        try {
            CompletableFuture<T> answer = command.apply(open.async()).toCompletableFuture();
            return answer.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).whenComplete((value, failure) -> {
                underWay.decrementAndGet();
                note(open, failure);
            });
        } catch (RedisException refused) {
            // More under way than the queue may hold, or a connection that closes in this instant.
            underWay.decrementAndGet();
            counts.error();
            counts.crowd();
            return CompletableFuture.failedFuture(refused);
        } catch (RuntimeException defect) {
            underWay.decrementAndGet();
            throw defect;
        }
    }

    /** Has {@code next} sent whatever is asked for here from now on. */
    void giveWayTo(RedisLink next) {
        successor = next;
    }

    /** How many commands wait for an answer. */
    int underWay() {
        return underWay.get();
    }

    /** The same of those that may. */
    Fill fill() {
        return Fill.of(Bounded.REDIS_COMMANDS, underWay::get, access.config().queue(), () -> 0);
    }

    /** Lets go of Redis. */
    @Override
    public void close() {
        closed = true;
        fade();
        StatefulRedisConnection<String, String> open = connection.getAndSet(null);
        absence = "closed";
        if (open != null) {
            open.closeAsync();
        }
    }

    private void note(StatefulRedisConnection<String, String> open, @Nullable Throwable failure) {
        if (failure == null) {
            silentSince.set(0);
            complaint = null;
            return;
        }
        Throwable cause = RedisFailures.cause(failure);
        if (cause instanceof RedisNoScriptException) {
            silentSince.set(0);
        } else if (cause instanceof TimeoutException) {
            counts.timeout();
            noteSilence(open);
        } else {
            counts.error();
            noteRefusal(open, cause);
        }
    }

    private void noteSilence(StatefulRedisConnection<String, String> open) {
        long now = nanos.getAsLong() | 1;
        if (!silentSince.compareAndSet(0, now) && now - silentSince.get() >= stallNanos) {
            drop(open, "nothing was answered any more");
        }
    }

    private void noteRefusal(StatefulRedisConnection<String, String> open, Throwable cause) {
        if (cause instanceof RedisReadOnlyException) {
            // After a failover the name may lead to the new primary already.
            drop(open, RedisFailures.sentence(cause));
        } else if (cause instanceof RedisCommandExecutionException) {
            silentSince.set(0);
            if (complaint == null) {
                LOG.warn("{}: {}", access.config().address(), RedisFailures.sentence(cause));
            }
            complaint = RedisFailures.sentence(cause);
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        access.connect().whenComplete((open, failure) -> {
            if (open == null) {
                later(RedisFailures.sentence(failure));
            } else {
                greet(open).whenComplete((ready, refusal) -> use(open, refusal));
            }
        });
    }

    private CompletableFuture<?> greet(StatefulRedisConnection<String, String> open) {
        try {
            return CompletableFuture.allOf(
                            greeting.apply(open.async()).toCompletableFuture(),
                            exchange(open).toCompletableFuture())
                    .orTimeout(access.config().connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (RedisException lost) {
            return CompletableFuture.failedFuture(lost);
        }
    }

    /** Whether it takes writes, and its clock. */
    private CompletionStage<?> exchange(StatefulRedisConnection<String, String> open) {
        RedisAsyncCommands<String, String> redis = open.async();
        CompletionStage<?> written = redis.set(access.key("alive"), "1", SOON_FORGOTTEN);
        long before = clock.here();
        return redis.time()
                .thenAccept(time -> {
                    long millis = Long.parseLong(time.get(0)) * 1_000 + Long.parseLong(time.get(1)) / 1_000;
                    clock.read(millis, before, clock.here());
                })
                .thenCombine(written, (read, set) -> set);
    }

    private void use(StatefulRedisConnection<String, String> open, @Nullable Throwable refusal) {
        if (refusal != null || closed || !open.isOpen()) {
            open.closeAsync();
            later(refusal == null ? "the connection was lost" : RedisFailures.sentence(refusal));
            return;
        }
        silentSince.set(0);
        complaint = null;
        counts.connected();
        connection.set(open);
        worker.execute(backOff::reset);
        access.whenLost(open, () -> drop(open, "the connection was lost"));
        LOG.info("connected to {}", access.config().address());
    }

    private void drop(StatefulRedisConnection<String, String> open, String reason) {
        if (connection.compareAndSet(open, null)) {
            open.closeAsync();
            if (!closed) {
                counts.lost();
                later(reason);
            }
        }
    }

    private void later(String reason) {
        if (closed) {
            return;
        }
        if (!reason.equals(absence)) {
            LOG.warn("{}: not connected: {}", access.config().address(), reason);
        }
        absence = reason;
        worker.execute(() -> worker.schedule(this::connect, backOff.next(), TimeUnit.MILLISECONDS));
    }

    /** Notices trouble, and that it is over, also when nobody asks for anything. */
    private void beat() {
        StatefulRedisConnection<String, String> open = connection.get();
        if (open == null) {
            return;
        }
        try {
            CompletableFuture.allOf(
                            greeting.apply(open.async()).toCompletableFuture(),
                            exchange(open).toCompletableFuture())
                    .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                    .whenComplete((done, failure) -> note(open, failure));
        } catch (RedisException refused) {
            counts.error();
        }
    }
}
