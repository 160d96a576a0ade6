package com.esperr.gateway.upstream;

import static java.util.Objects.requireNonNull;

import com.esperr.gateway.transport.Sweeper;
import io.netty.channel.EventLoop;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many requests an origin is given at once, over all event loops, and who comes first when that is not all of them. Thread-safe;
 * who has to wait does so in the {@link IntakeLine} of his event loop. A request that finds room costs it two atomic additions.
 */
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final long LOG_NANOS = 60_000_000_000L;

    private final String origin;
    private final SheddingConfig config;
    private final LongSupplier nanos;
    private final ResponseTimes times;
    private final AtomicInteger there = new AtomicInteger();
    private final AtomicInteger unsent = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger verified = new AtomicInteger();
    private final List<IntakeLine> lines = new CopyOnWriteArrayList<>();
    private final Map<Rank, LongAdder> refused = counts();
    private final Map<Rank, LongAdder> late = counts();
    private final LongAdder challenged = new LongAdder();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile long toldAt;

    Intake(String origin, SheddingConfig config, LongSupplier nanos) {
        this.origin = origin;
        this.config = config;
        this.nanos = nanos;
        this.times = new ResponseTimes(config, nanos.getAsLong());
    }

    private static Map<Rank, LongAdder> counts() {
        Map<Rank, LongAdder> counts = new EnumMap<>(Rank.class);
        for (Rank rank : Rank.values()) {
            counts.put(rank, new LongAdder());
        }
        return counts;
    }

    /** What becomes of requests of unverified visitors for which there is no room. */
    public Surplus surplus() {
        return config.surplus();
    }

    /** Whether the origin is saturated, and such a request of an unverified visitor would have to wait. */
    public boolean crowded() {
        return times.saturated() && (waiting.get() > 0 || there.get() >= room(Rank.UNVERIFIED));
    }

    /** The visitor of such a request has to pass a challenge instead. */
    public void challenge() {
        challenged.increment();
    }

    /** Requests that may be there at once now. */
    public int limit() {
        return times.limit();
    }

    /** Requests that are there, or on their way, and not answered, but for those whose visitors are slow to send them. */
    public int underWay() {
        return there.get();
    }

    /** Requests of that rank that wait. */
    public int waiting(Rank rank) {
        int first = verified.get();
        return rank == Rank.VERIFIED ? first : Math.max(0, waiting.get() - first);
    }

    /** Requests that were refused at once. */
    public long refused(Rank rank) {
        return count(refused, rank).sum();
    }

    /** Requests that waited in vain. */
    public long late(Rank rank) {
        return count(late, rank).sum();
    }

    /** Requests of unverified visitors in whose place a challenge was ordered. */
    public long challenged() {
        return challenged.sum();
    }

    // --- for tickets and lines

    SheddingConfig config() {
        return config;
    }

    long now() {
        return nanos.getAsLong();
    }

    /** Where those wait whose event loop is {@code loop}. */
    IntakeLine line(EventLoop loop, Sweeper sweeper) {
        return new IntakeLine(this, loop, sweeper);
    }

    void opened(IntakeLine line) {
        lines.add(line);
    }

    void closed(IntakeLine line) {
        lines.remove(line);
    }

    /** Takes a place if there is one, past those who wait. */
    boolean take(Rank rank) {
        int now = there.incrementAndGet();
        if (now > room(rank)) {
            there.decrementAndGet();
            return false;
        }
        times.there(now);
        return true;
    }

    /** Some places are kept free for verified visitors as long as the origin is saturated. */
    private int room(Rank rank) {
        int limit = times.limit();
        return rank == Rank.VERIFIED || !times.saturated() ? limit : limit - Math.max(1, limit / 10);
    }

    /** Whether somebody of that rank has no place while others wait whom he must not overtake. */
    boolean behind(Rank rank) {
        return (rank == Rank.VERIFIED ? verified : waiting).get() > 0;
    }

    /** Why a request of that rank may not wait, or null if it is counted among those who do. */
    @Nullable
    String queue(Rank rank) {
        if (rank == Rank.UNVERIFIED && config.surplus() == Surplus.REFUSE && times.saturated()) {
            count(refused, rank).increment();
            return "the origin is saturated, and origin.shedding.unverified is refuse";
        }
        int most = rank == Rank.VERIFIED ? config.queue() : config.queue() / 2;
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            count(refused, rank).increment();
            return "the origin is saturated, and origin.shedding.queue is full";
        }
        if (rank == Rank.VERIFIED) {
            verified.incrementAndGet();
        }
        return null;
    }

    /** Somebody of that rank waits no more. */
    void unqueue(Rank rank) {
        waiting.decrementAndGet();
        if (rank == Rank.VERIFIED) {
            verified.decrementAndGet();
        }
    }

    void late(Rank rank, int requests) {
        count(late, rank).add(requests);
    }

    /** So many more of those that have a place are not complete. */
    void unsent(int more) {
        unsent.addAndGet(more);
    }

    /** A request that had given its place away is complete: the origin has it, so it counts, even above the limit. */
    void comeBack() {
        times.there(there.incrementAndGet());
    }

    /** The request that was sent at {@code since} is answered. */
    void answered(long since, boolean overloaded) {
        times.answered(since, nanos.getAsLong(), overloaded);
    }

    /** Nobody waits any more for the answer to the request that was sent at {@code since}. */
    void givenUp(long since) {
        times.givenUp(since, nanos.getAsLong());
    }

    /** A place is free again, and who is next in {@code line} gets it, or else in another one. */
    void leave(IntakeLine line) {
        there.decrementAndGet();
        if (waiting.get() > 0) {
            line.serve();
        }
    }

    /** Those who wait elsewhere may go on if there is room for them. */
    void serveOthers(IntakeLine but) {
        int free = times.limit() - there.get();
        for (IntakeLine line : lines) {
            if (free <= 0 || waiting.get() == 0) {
                return;
            }
            if (line != but && line.wake()) {
                free--;
            }
        }
    }

    /** Looks at the time. */
    void look(long now) {
        // An origin that waits for visitors has not come to a standstill.
        times.look(there.get() - unsent.get(), now);
        tell(now);
    }

    private void tell(long now) {
        boolean saturated = times.saturated();
        // Of those who notice it at once, one says so.
        if (saturated == told.get()
                || (saturated && toldAt != 0 && now - toldAt < LOG_NANOS)
                || !told.compareAndSet(!saturated, saturated)) {
            return;
        }
        toldAt = now == 0 ? 1 : now;
        if (saturated) {
            LOG.warn(
                    "origin {}: saturated, {} requests at once ({} there, {} wait); of unverified visitors: {}",
                    origin,
                    limit(),
                    underWay(),
                    waiting.get(),
                    config.surplus().label());
        } else {
            LOG.info(
                    "origin {}: no longer saturated; since the start {} challenged, {} refused, {} waited in vain",
                    origin,
                    challenged(),
                    refused(Rank.VERIFIED) + refused(Rank.UNVERIFIED),
                    late(Rank.VERIFIED) + late(Rank.UNVERIFIED));
        }
    }

    private static LongAdder count(Map<Rank, LongAdder> counts, Rank rank) {
        return requireNonNull(counts.get(rank));
    }
}
