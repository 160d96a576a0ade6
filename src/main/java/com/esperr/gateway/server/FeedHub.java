package com.esperr.gateway.server;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.StateKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells gateways of the active mitigations of one tenant: first all of them, then every change. Thread-safe outside;
 * inside confined to the thread it is given, which keeps the last changes in a ring. A subscriber is a place in that ring and
 * takes as much as it can bear, so that the slow ones cost nothing; one that the ring has overtaken is cut and may come back.
 */
public final class FeedHub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedHub.class);
    private static final int STALLED_HEARTBEATS = 6;

    private final String tenant;
    private final Replicated<ActiveMitigation> mitigations;
    private final Supplier<FeedShape> shapes;
    private volatile ServerConfig.FeedTerms terms;
    private final ScheduledExecutorService thread;
    private final LongSupplier millis;
    private final AutoCloseable following;
    private volatile ScheduledFuture<?> heartbeat;
    private final Set<FeedSubscriber> subscribers = new HashSet<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicInteger handedOver = new AtomicInteger();
    private final AtomicBoolean lost = new AtomicBoolean();
    private final LongAdder cuts = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final AtomicBoolean closed = new AtomicBoolean();
    private FeedRing ring;
    private FeedShape shape;

    /**
     * The feed of {@code tenant}.
     *
     * @param mitigations of this tenant and no other
     * @param shapes tells how gateways work out the keys, as of now
     * @param thread the one thread of this, which may also be others'
     * @param millis the clock of expiries
     */
    public FeedHub(
            String tenant,
            Replicated<ActiveMitigation> mitigations,
            Supplier<FeedShape> shapes,
            ServerConfig config,
            ScheduledExecutorService thread,
            LongSupplier millis) {
        this.tenant = tenant;
        this.mitigations = mitigations;
        this.shapes = shapes;
        this.terms = config.feed();
        this.thread = thread;
        this.millis = millis;
        this.ring = new FeedRing(terms.history());
        this.shape = shapes.get();
        this.following = mitigations.follow(new Changes());
        this.heartbeat = beatEvery(terms.heartbeat().toNanos());
    }

    private ScheduledFuture<?> beatEvery(long nanos) {
        return thread.scheduleAtFixedRate(this::beatOn, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** Keeps to other terms from now on; with another history or heartbeat everybody comes back, to be told of it. Not for two at a time. */
    public void retune(ServerConfig config) {
        ServerConfig.FeedTerms before = terms;
        ServerConfig.FeedTerms next = config.feed();
        terms = next;
        boolean beats = !before.heartbeat().equals(next.heartbeat());
        if (beats && !closed.get()) {
            heartbeat.cancel(false);
            heartbeat = beatEvery(next.heartbeat().toNanos());
        }
        if (beats || before.history() != next.history()) {
            run(() -> comeBack(before.history() == next.history() ? ring : new FeedRing(next.history())));
        }
    }

    /** Ends the subscriptions of those who may not listen any more, and all if other policies make other keys, without waiting for a beat. */
    public void review() {
        run(() -> {
            look();
            turnOut();
        });
    }

    private void turnOut() {
        List.copyOf(subscribers).stream()
                .filter(subscriber -> !subscriber.welcome())
                .forEach(FeedSubscriber::end);
    }

    /** Whoever listens comes back at once, and is told everything. */
    private void comeBack(FeedRing other) {
        ring = other;
        List.copyOf(subscribers).forEach(FeedSubscriber::end);
    }

    /** Keeps a place for one more subscriber, or answers that there is none. */
    boolean admit() {
        if (admitted.incrementAndGet() <= terms.maxSubscribers()) {
            return true;
        }
        admitted.decrementAndGet();
        refused.increment();
        return false;
    }

    /** Gives the place back. */
    void leave() {
        admitted.decrementAndGet();
    }

    /**
     * Tells {@code stream} everything, or what it has missed since {@code cursor}; it has been admitted.
     *
     * @param welcome whether it may still listen
     */
    void subscribe(@Nullable String cursor, ReplyStream stream, BooleanSupplier welcome) {
        stream.onClose(() -> {
            leave();
            run(() -> subscribers.removeIf(subscriber -> subscriber.tells(stream)));
        });
        run(() -> {
            if (closed.get() || !welcome.getAsBoolean()) {
                stream.end();
                return;
            }
            look();
            long from = ring.place(cursor);
            FeedSubscriber subscriber = from < 0
                    ? FeedSubscriber.anew(stream, welcome, ring, first("snapshot", ring.cursor()), everything())
                    : FeedSubscriber.resumed(stream, welcome, ring, first("resume", ring.cursor(from)), from);
            subscribers.add(subscriber);
            pump(subscriber);
        });
    }

    /** How many listen. */
    public int subscribers() {
        return admitted.get();
    }

    /** The same of those who may. */
    public Fill fill() {
        return Fill.of(Bounded.FEED_SUBSCRIBERS, admitted::get, () -> terms.maxSubscribers(), refused::sum);
    }

    /** How many were cut because they did not keep up. */
    public long cuts() {
        return cuts.sum();
    }

    /** Ends every subscription; those who listen may come back to another server. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        heartbeat.cancel(false);
        try {
            following.close();
        } catch (Exception failed) {
            LOG.warn("feed of {}: not ended cleanly: {}", tenant, failed.toString());
        }
        run(() -> {
            List.copyOf(subscribers).forEach(FeedSubscriber::end);
            subscribers.clear();
        });
    }

    private byte[] first(String type, String cursor) {
        return FeedLine.first(type, cursor, shape, terms.heartbeat().toMillis());
    }

    private List<FeedLine> everything() {
        long now = millis.getAsLong();
        List<FeedLine> lines = new ArrayList<>();
        mitigations.forEach((key, kept) -> {
            if (kept.expiresAtMillis() > now && kept.value().tenant().equals(tenant)) {
                lines.add(new FeedLine(key, kept));
            }
        });
        return lines;
    }

    /** Leaves a change to the thread; one that is behind by a whole history has lost it anyway, and need not keep more. */
    private void handOver(FeedLine line) {
        if (handedOver.incrementAndGet() <= terms.history()) {
            run(() -> {
                handedOver.decrementAndGet();
                changed(line);
            });
            return;
        }
        handedOver.decrementAndGet();
        if (lost.compareAndSet(false, true)) {
            run(this::beginAnew);
        }
    }

    /** A change was not handed over: all who listen come back for everything. */
    private void beginAnew() {
        lost.set(false);
        LOG.warn("feed of {}: more changes at once than server.feed.history, everybody begins anew", tenant);
        ring = new FeedRing(terms.history());
        List.copyOf(subscribers).forEach(this::cut);
    }

    private void changed(FeedLine line) {
        ring.add(line);
        subscribers.forEach(this::pump);
    }

    private void pump(FeedSubscriber subscriber) {
        if (!subscriber.pump(arrival(subscriber))) {
            cut(subscriber);
        }
    }

    /** What a piece that has left leads to; told on the loop of its connection. */
    private Runnable arrival(FeedSubscriber subscriber) {
        return () -> run(() -> {
            subscriber.arrived();
            pump(subscriber);
        });
    }

    private void cut(FeedSubscriber subscriber) {
        cuts.increment();
        LOG.debug("feed of {}: a subscriber did not keep up and is cut", tenant);
        subscriber.cut();
    }

    /** One defect must not be the end of all signs of life. */
    private void beatOn() {
        try {
            beat();
        } catch (RuntimeException defect) {
            LOG.error("feed of {}: no sign of life", tenant, defect);
        }
    }

    private void beat() {
        look();
        byte[] line = FeedLine.heartbeat(ring.cursor());
        for (FeedSubscriber subscriber : List.copyOf(subscribers)) {
            if (!subscriber.welcome()) {
                subscriber.end();
            } else if (!subscriber.beat(line, STALLED_HEARTBEATS, arrival(subscriber))) {
                cut(subscriber);
            }
        }
    }

    /** When other policies make other keys, what gateways have is of no use, and they begin anew. */
    private void look() {
        FeedShape now = shapes.get();
        if (!now.equals(shape)) {
            shape = now;
            comeBack(new FeedRing(terms.history()));
        }
    }

    private void run(Runnable work) {
        if (!thread.isShutdown()) {
            thread.execute(work);
        }
    }

    /** Hands changes over to the thread of the hub, in their order. */
    private final class Changes implements Replicated.Follower<ActiveMitigation> {
        @Override
        public void put(StateKey key, ActiveMitigation value, long expiresAtMillis) {
            if (value.tenant().equals(tenant)) {
                handOver(new FeedLine(key, new Replicated.Kept<>(value, expiresAtMillis)));
            }
        }

        @Override
        public void removed(StateKey key) {
            handOver(new FeedLine(key, null));
        }
    }
}
