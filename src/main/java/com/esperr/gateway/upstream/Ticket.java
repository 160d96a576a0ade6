package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request's place at an origin that takes so many at once; confined to its event loop. The place is kept while the request is sent
 * again somewhere else, and given back when the head of the answer is there: how fast a visitor reads, or how long a stream of events
 * goes on, is not what the origin is measured by. Nor is how fast he sends: the time begins when the request is complete, and a place
 * whose visitor keeps the origin waiting goes to another one until then.
 */
public final class Ticket implements Upstream.Lease {
    /** How long a place is kept for a request that is not complete: longer than most bodies need, so that they find no way round the limit. */
    private static final long SENDING_NANOS = 100_000_000L;

    private final IntakeLine line;
    private final Rank rank;
    private final LeaseSink sink;
    private final Function<LeaseSink, Upstream.Lease> wish;
    private State state = State.NEW;
    private long time;
    private Upstream.@Nullable Lease lease;

    private enum State {
        NEW,
        WAITING,
        /** The place is taken, but the request not complete. */
        SENDING,
        /** The request is not complete, and its place another one's. */
        APART,
        THERE,
        OVER
    }

    /**
     * Asks for a place in {@code line}.
     *
     * @param sink told that there is none, or what comes of {@code wish}
     * @param wish asks for a connection when there is one
     */
    Ticket(IntakeLine line, Rank rank, LeaseSink sink, Function<LeaseSink, Upstream.Lease> wish) {
        this.line = line;
        this.rank = rank;
        this.sink = sink;
        this.wish = wish;
    }

    /** Goes there, waits, or is refused. */
    public Upstream.Lease begin() {
        Intake intake = line.intake();
        if (!intake.behind(rank) && intake.take(rank)) {
            goOn();
            return this;
        }
        String why = intake.queue(rank);
        if (why == null) {
            state = State.WAITING;
            time = intake.now() + intake.config().maxWait().toNanos();
            line.add(this);
        } else {
            refuse(why);
        }
        return this;
    }

    Rank rank() {
        return rank;
    }

    /** Until when it waits. */
    long deadline() {
        return time;
    }

    /** There is a place, and it is taken. */
    void goOn() {
        state = State.THERE;
        time = line.intake().now();
        Upstream.Lease asked = wish.apply(sink);
        if (state == State.THERE) {
            lease = asked;
        }
    }

    void refuse(String why) {
        state = State.OVER;
        sink.leaseFailed(FailureReason.ORIGIN_SATURATED, why);
    }

    /** The head is sent, and the body comes as fast as the visitor sends it. */
    public void sending() {
        if (state == State.THERE) {
            state = State.SENDING;
            time = line.intake().now();
            line.intake().unsent(1);
        }
    }

    /** More of the body is waited for. */
    public void awaiting() {
        if (state == State.SENDING && line.intake().now() - time >= SENDING_NANOS) {
            leave(State.APART);
        }
    }

    /** The request is complete: from now on the origin is waited for, whether there is room or not. */
    public void sent() {
        if (state == State.SENDING) {
            line.intake().unsent(-1);
        } else if (state == State.APART) {
            line.intake().comeBack();
        } else {
            return;
        }
        state = State.THERE;
        time = line.intake().now();
    }

    /** The head of the answer that counts is there; before the request is complete it says nothing of how fast the origin is. */
    public void answered(int status) {
        if (state == State.THERE) {
            line.intake().answered(time, status == 503);
        }
        end();
    }

    /** The request ends, however it does; after an answer that does nothing. */
    public void over() {
        if (state == State.WAITING) {
            state = State.OVER;
            line.remove(this);
        } else if (state == State.THERE) {
            line.intake().givenUp(time);
        }
        end();
    }

    private void end() {
        if (state == State.THERE || state == State.SENDING) {
            leave(State.OVER);
        } else if (state == State.APART) {
            state = State.OVER;
        }
    }

    private void leave(State next) {
        if (state == State.SENDING) {
            line.intake().unsent(-1);
        }
        state = next;
        line.intake().leave(line);
    }

    @Override
    public void cancel() {
        over();
        Upstream.Lease asked = lease;
        lease = null;
        if (asked != null) {
            asked.cancel();
        }
    }
}
