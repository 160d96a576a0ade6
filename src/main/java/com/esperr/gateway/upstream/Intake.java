package com.esperr.gateway.upstream;

import static java.util.Objects.requireNonNull;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.transport.Sweeper;
import io.netty.channel.EventLoop;
import java.util.EnumMap;
import java.util.Map;
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
    private final Crowd crowd;
    private final int generation;
    private final Map<Rank, LongAdder> refused = counts();
    private final Map<Rank, LongAdder> late = counts();
    private final LongAdder challenged = new LongAdder();

    /**
     * That of {@code origin}.
     *
     * @param before the one that it had, whose requests are there still, or null
     */
    Intake(String origin, SheddingConfig config, LongSupplier nanos, @Nullable Intake before) {
        this.origin = origin;
        this.config = config;
        this.nanos = nanos;
        this.crowd = before == null ? new Crowd(config, nanos.getAsLong()) : before.crowd;
        this.generation = before == null ? 0 : before.generation + 1;
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
        return crowd.times().saturated() && (crowd.waiting.get() > 0 || crowd.there.get() >= room(Rank.UNVERIFIED));
    }

    /** The visitor of such a request has to pass a challenge instead. */
    public void challenge() {
        challenged.increment();
    }

    /** Requests that may be there at once now. */
    public int limit() {
        return crowd.times().limit();
    }

    /** Requests that are there, or on their way, and not answered, but for those whose visitors are slow to send them. */
    public int underWay() {
        return crowd.there.get();
    }

    /** Requests of that rank that wait. */
    public int waiting(Rank rank) {
        int first = crowd.verified.get();
        return rank == Rank.VERIFIED ? first : Math.max(0, crowd.waiting.get() - first);
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

    Fill fill() {
        return Fill.of(
                Bounded.ORIGIN_QUEUE,
                crowd.waiting::get,
                config.queue(),
                () -> refused(Rank.VERIFIED) + refused(Rank.UNVERIFIED));
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
        crowd.follow(config, generation, now());
        return new IntakeLine(this, loop, sweeper);
    }

    void opened(IntakeLine line) {
        crowd.lines.add(line);
    }

    void closed(IntakeLine line) {
        crowd.lines.remove(line);
    }

    /** Takes a place if there is one, past those who wait. */
    boolean take(Rank rank) {
        int now = crowd.there.incrementAndGet();
        if (now > room(rank)) {
            crowd.there.decrementAndGet();
            return false;
        }
        crowd.times().there(now);
        return true;
    }

    /** Some places are kept free for verified visitors as long as the origin is saturated. */
    private int room(Rank rank) {
        int limit = crowd.times().limit();
        return rank == Rank.VERIFIED || !crowd.times().saturated() ? limit : limit - Math.max(1, limit / 10);
    }

    /** Whether somebody of that rank has no place while others wait whom he must not overtake. */
    boolean behind(Rank rank) {
        return (rank == Rank.VERIFIED ? crowd.verified : crowd.waiting).get() > 0;
    }

    /** Why a request of that rank may not wait, or null if it is counted among those who do. */
    @Nullable
    String queue(Rank rank) {
        if (rank == Rank.UNVERIFIED
                && config.surplus() == Surplus.REFUSE
                && crowd.times().saturated()) {
            count(refused, rank).increment();
            return "the origin is saturated, and origin.shedding.unverified is refuse";
        }
        int most = rank == Rank.VERIFIED ? config.queue() : config.queue() / 2;
        if (crowd.waiting.incrementAndGet() > most) {
            crowd.waiting.decrementAndGet();
            count(refused, rank).increment();
            return "the origin is saturated, and origin.shedding.queue is full";
        }
        if (rank == Rank.VERIFIED) {
            crowd.verified.incrementAndGet();
        }
        return null;
    }

    /** Somebody of that rank waits no more. */
    void unqueue(Rank rank) {
        crowd.waiting.decrementAndGet();
        if (rank == Rank.VERIFIED) {
            crowd.verified.decrementAndGet();
        }
    }

    void late(Rank rank, int requests) {
        count(late, rank).add(requests);
    }

    /** So many more of those that have a place are not complete. */
    void unsent(int more) {
        crowd.unsent.addAndGet(more);
    }

    /** A request that had given its place away is complete: the origin has it, so it counts, even above the limit. */
    void comeBack() {
        crowd.times().there(crowd.there.incrementAndGet());
    }

    /** The request that was sent at {@code since} is answered. */
    void answered(long since, boolean overloaded) {
        crowd.times().answered(since, nanos.getAsLong(), overloaded);
    }

    /** Nobody waits any more for the answer to the request that was sent at {@code since}. */
    void givenUp(long since) {
        crowd.times().givenUp(since, nanos.getAsLong());
    }

    /** A place is free again, and who is next in {@code line} gets it, or else in another one. */
    void leave(IntakeLine line) {
        crowd.there.decrementAndGet();
        if (crowd.waiting.get() > 0) {
            line.serve();
        }
    }

    /** Those who wait elsewhere may go on if there is room for them. */
    void serveOthers(IntakeLine but) {
        int free = crowd.times().limit() - crowd.there.get();
        for (IntakeLine line : crowd.lines) {
            if (free <= 0 || crowd.waiting.get() == 0) {
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
        crowd.times().look(crowd.there.get() - crowd.unsent.get(), now);
        tell(now);
    }

    private void tell(long now) {
        boolean saturated = crowd.times().saturated();
        // Of those who notice it at once, one says so.
        if (saturated == crowd.told.get()
                || (saturated && crowd.toldAt != 0 && now - crowd.toldAt < LOG_NANOS)
                || !crowd.told.compareAndSet(!saturated, saturated)) {
            return;
        }
        crowd.toldAt = now == 0 ? 1 : now;
        if (saturated) {
            LOG.warn(
                    "origin {}: saturated, {} requests at once ({} there, {} wait); of unverified visitors: {}",
                    origin,
                    limit(),
                    underWay(),
                    crowd.waiting.get(),
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
