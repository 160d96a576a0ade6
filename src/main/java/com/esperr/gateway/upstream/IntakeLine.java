package com.esperr.gateway.upstream;

import com.esperr.gateway.transport.Sweeper;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one event loop that wait for a place at an origin, those of verified visitors first; confined to that loop but for
 * {@link #wake}. How many may wait is bounded by the {@link Intake}, and how long as well.
 */
final class IntakeLine implements Sweeper.Sweepable {
    private final Intake intake;
    private final EventLoop loop;
    private final Sweeper sweeper;
    private final ArrayDeque<Ticket> first = new ArrayDeque<>();
    private final ArrayDeque<Ticket> others = new ArrayDeque<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private Sweeper.@Nullable Entry visits;
    private volatile int length;
    private boolean serving;
    private boolean retired;

    IntakeLine(Intake intake, EventLoop loop, Sweeper sweeper) {
        this.intake = intake;
        this.loop = loop;
        this.sweeper = sweeper;
        open();
    }

    private void open() {
        if (visits == null) {
            visits = sweeper.register(this);
            intake.opened(this);
        }
    }

    Intake intake() {
        return intake;
    }

    /** Nobody comes here any more but those who are here already. */
    void retire() {
        retired = true;
        closeIfEmpty();
    }

    private void closeIfEmpty() {
        Sweeper.Entry entry = visits;
        if (retired && entry != null && length == 0) {
            entry.close();
            visits = null;
            intake.closed(this);
        }
    }

    /** Has {@code ticket} wait, which is counted already. */
    void add(Ticket ticket) {
        open();
        queue(ticket.rank()).add(ticket);
        length = first.size() + others.size();
        // The last one may have left meanwhile, before he could see that somebody waits.
        serve();
    }

    /** {@code ticket} waits no more; false if it did not. */
    boolean remove(Ticket ticket) {
        if (!queue(ticket.rank()).remove(ticket)) {
            return false;
        }
        gone(ticket.rank());
        return true;
    }

    private void gone(Rank rank) {
        length = first.size() + others.size();
        intake.unqueue(rank);
    }

    private ArrayDeque<Ticket> queue(Rank rank) {
        return rank == Rank.VERIFIED ? first : others;
    }

    /** Lets those go on for whom there is room; one that fails at once must not let the next one go on inside. */
    void serve() {
        if (serving) {
            return;
        }
        serving = true;
        try {
            for (Ticket next = next(); next != null; next = next()) {
                gone(next.rank());
                next.goOn();
            }
        } finally {
            serving = false;
        }
        intake.serveOthers(this);
    }

    /** Takes a place for who is next, and him out of the queue. */
    private @Nullable Ticket next() {
        if (!first.isEmpty()) {
            return intake.take(Rank.VERIFIED) ? first.poll() : null;
        }
        boolean may = !others.isEmpty() && !intake.behind(Rank.VERIFIED) && intake.take(Rank.UNVERIFIED);
        return may ? others.poll() : null;
    }

    /** Has this line served by its own event loop, from any other one; false if nobody waits here, or it is about to be. */
    boolean wake() {
        if (length == 0 || loop.isShuttingDown() || !woken.compareAndSet(false, true)) {
            return false;
        }
        loop.execute(() -> {
            woken.set(false);
            serve();
        });
        return true;
    }

    @Override
    public void sweep(long now) {
        intake.look(now);
        expire(first, now);
        expire(others, now);
        if (length > 0) {
            serve();
        }
        closeIfEmpty();
    }

    private void expire(ArrayDeque<Ticket> queue, long now) {
        for (Ticket next = queue.peek(); next != null && now - next.deadline() >= 0; next = queue.peek()) {
            queue.remove();
            gone(next.rank());
            intake.late(next.rank(), 1);
            next.refuse("the origin is saturated, and had no room within origin.shedding.max-wait");
        }
    }
}
