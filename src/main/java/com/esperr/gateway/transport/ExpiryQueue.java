package com.esperr.gateway.transport;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one event loop in order of their deadlines, with one timer for the first of them; confined to that loop.
 *
 * <p>Nearly every call has the same budget and is answered long before it is used up. So a new call mostly goes to the
 * end of the list, an answered one is unlinked, and the timer, which is set a few times a second whatever the load, finds
 * nothing to do: cheaper than a scheduled task for each call.
 */
final class ExpiryQueue {
    private static final long SHORTEST_DELAY_NANOS = 1_000_000;

    private final EventLoop loop;
    private final LongSupplier nanos;
    private final Consumer<List<PendingCall>> expire;

    private @Nullable PendingCall first;
    private @Nullable PendingCall last;
    private boolean armed;
    private long armedFor;

    ExpiryQueue(EventLoop loop, LongSupplier nanos, Consumer<List<PendingCall>> expire) {
        this.loop = loop;
        this.nanos = nanos;
        this.expire = expire;
    }

    void add(PendingCall call) {
        PendingCall before = last;
        while (before != null && before.deadline - call.deadline > 0) {
            before = before.earlier;
        }
        PendingCall after = before == null ? first : before.later;
        call.earlier = before;
        call.later = after;
        link(before, call);
        if (after == null) {
            last = call;
        } else {
            after.earlier = call;
        }
        arm();
    }

    void remove(PendingCall call) {
        link(call.earlier, call.later);
        if (call.later == null) {
            last = call.earlier;
        } else {
            call.later.earlier = call.earlier;
        }
        call.earlier = null;
        call.later = null;
    }

    private void link(@Nullable PendingCall before, @Nullable PendingCall after) {
        if (before == null) {
            first = after;
        } else {
            before.later = after;
        }
    }

    private void arm() {
        PendingCall head = first;
        if (head == null || loop.isShuttingDown() || (armed && armedFor - head.deadline <= 0)) {
            return;
        }
        armed = true;
        armedFor = head.deadline;
        long delay = Math.max(SHORTEST_DELAY_NANOS, head.deadline - nanos.getAsLong());
        long planned = armedFor;
        var unused = loop.schedule(() -> fire(planned), delay, TimeUnit.NANOSECONDS);
    }

    private void fire(long planned) {
        if (planned == armedFor) {
            armed = false;
        }
        long now = nanos.getAsLong();
        List<PendingCall> due = new ArrayList<>();
        for (PendingCall head = first; head != null && head.deadline - now <= 0; head = head.later) {
            due.add(head);
        }
        if (!due.isEmpty()) {
            // Takes them out of this queue.
            expire.accept(due);
        }
        arm();
    }
}
