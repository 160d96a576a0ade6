package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.transport.Sweeper;
import java.util.ArrayDeque;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests of one event loop wait for an application that is not there yet, or could not be connected to; confined to
 * that loop. They go on in the order in which they came.
 */
final class WaitingRoom implements Sweeper.Sweepable {
    private final Presence presence;
    private final LongSupplier nanos;
    private final ArrayDeque<Stay> waiting = new ArrayDeque<>();
    private final Sweeper.Entry visits;
    private boolean retired;

    WaitingRoom(Presence presence, Sweeper sweeper, LongSupplier nanos) {
        this.presence = presence;
        this.nanos = nanos;
        this.visits = sweeper.register(this);
    }

    /** Nobody is to wait here any more but those who do already. */
    void retire() {
        retired = true;
        leaveIfEmpty();
    }

    private void leaveIfEmpty() {
        if (retired && waiting.isEmpty()) {
            visits.close();
        }
    }

    /** Asks as {@code wish} does, as soon and as often as it makes sense. */
    Upstream.Lease lease(LeaseSink sink, Function<LeaseSink, Upstream.Lease> wish) {
        Stay stay = new Stay(
                sink, wish, nanos.getAsLong() + presence.patience().longest().toNanos());
        Presence.State state = presence.state();
        // Nobody overtakes those who still wait for its return to be noticed here.
        if (state == Presence.State.COMING || (state == Presence.State.HERE && !waiting.isEmpty())) {
            stay.await("the application is not there yet");
        } else if (state == Presence.State.GONE) {
            stay.refuse("the application has ended");
        } else {
            stay.ask();
        }
        return stay;
    }

    /** The same, but not before the next look at the clock: an end is noticed later than by whose connection is lost. */
    Upstream.Lease leaseLater(LeaseSink sink, Function<LeaseSink, Upstream.Lease> wish) {
        Stay stay = new Stay(
                sink, wish, nanos.getAsLong() + presence.patience().longest().toNanos());
        stay.await("the application ended with the request");
        return stay;
    }

    /** The application is somewhere else than before. */
    void changed() {
        Presence.State state = presence.state();
        if (state == Presence.State.COMING) {
            return;
        }
        // Those who fail again come to the end of the queue.
        for (int left = waiting.size(); left > 0 && !waiting.isEmpty(); left--) {
            Stay next = waiting.removeFirst();
            presence.left();
            if (state == Presence.State.GONE) {
                next.refuse("the application has ended");
            } else {
                next.ask();
            }
        }
    }

    @Override
    public void sweep(long now) {
        for (int left = waiting.size(); left > 0 && !waiting.isEmpty(); left--) {
            Stay next = waiting.removeFirst();
            if (now - next.deadline >= 0) {
                presence.left();
                next.refuse("the application was away for longer than exec.hold");
            } else {
                waiting.addLast(next);
            }
        }
        changed();
        leaveIfEmpty();
    }

    /** One wish for a connection, which may have to wait. */
    private final class Stay implements LeaseSink, Upstream.Lease {
        private @Nullable LeaseSink sink;
        private final Function<LeaseSink, Upstream.Lease> wish;
        private final long deadline;
        private Upstream.@Nullable Lease current;
        private int step;

        private Stay(LeaseSink sink, Function<LeaseSink, Upstream.Lease> wish, long deadline) {
            this.sink = sink;
            this.wish = wish;
            this.deadline = deadline;
        }

        private void ask() {
            step++;
            int mine = step;
            Upstream.Lease asked = wish.apply(this);
            if (step == mine && sink != null) {
                // Else it was told before it came back, and may even have asked again.
                current = asked;
            }
        }

        private void await(String why) {
            if (!presence.patience().holds()) {
                refuse(why);
            } else if (nanos.getAsLong() - deadline >= 0) {
                refuse(why + ", for longer than exec.hold");
            } else if (!presence.entered()) {
                refuse(why + ", and exec.max-held requests wait already");
            } else {
                waiting.addLast(this);
            }
        }

        private void refuse(String why) {
            presence.refused();
            fail(FailureReason.ORIGIN_AWAY, why);
        }

        private void fail(FailureReason reason, String detail) {
            LeaseSink told = sink;
            sink = null;
            if (told != null) {
                told.leaseFailed(reason, detail);
            }
        }

        @Override
        public void leased(RequestOutput connection) {
            LeaseSink to = sink;
            sink = null;
            current = null;
            step++;
            if (to == null) {
                connection.discard();
            } else {
                to.leased(connection);
            }
        }

        @Override
        public boolean whole() {
            return sink != null && sink.whole();
        }

        @Override
        public void leaseFailed(FailureReason reason, String detail) {
            current = null;
            step++;
            if (sink == null) {
                return;
            }
            if (reason != FailureReason.ORIGIN_CONNECT) {
                fail(reason, detail);
                return;
            }
            if (presence.state() == Presence.State.GONE) {
                refuse("the application has ended: " + detail);
            } else {
                await(detail);
            }
        }

        @Override
        public void cancel() {
            sink = null;
            step++;
            if (waiting.remove(this)) {
                presence.left();
            }
            Upstream.Lease asked = current;
            current = null;
            if (asked != null) {
                asked.cancel();
            }
        }
    }
}
