package com.esperr.gateway.beacon;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jctools.queues.MessagePassingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread that owns the disk: it writes events, makes them safe in batches, hands the oldest to the publisher and
 * removes what was settled. It looks every {@value #PAUSE_MILLIS} ms instead of being woken, so that event loops never pay
 * for a system call. While the disk does not work events wait in the queue, and the disk is tried again.
 */
final class SpoolWriter extends Thread implements EventConsumer {
    /** What the thread works with; keys of another {@code generation} on disk mean nothing. Immutable. */
    record Terms(
            MessagePassingQueue<BeaconEvent> queue,
            Queue<Settlement> settlements,
            EventWriter writer,
            SpoolConfig spool,
            boolean replaces,
            DeadLetters deadLetters,
            Tail tail,
            BeaconCounts counts,
            int window,
            long generation,
            LongSupplier millis) {}

    private static final Logger LOG = LoggerFactory.getLogger(SpoolWriter.class);
    private static final int PAUSE_MILLIS = 20;
    private static final int BATCH = 4096;
    private static final int EVENT_BYTES = 64 * 1024;
    private static final long WINDOW_BYTES = 8 << 20;
    // Removals alone are not urgent: forgetting one costs a second delivery under the same key.
    private static final int CYCLES_PER_REMOVAL = 10;
    private static final int CYCLES_PER_REOPENING = 250;
    private static final int CYCLES_PER_LOOK = 50;

    private final Terms terms;
    private final Feed feed;
    private final Set<Long> handed = new HashSet<>();
    private final Leftovers leftovers;
    private @Nullable Spool spool;
    private int untilLook;
    private long least;
    private long cursor;
    private int sinceCommit;
    private boolean unsaved;
    private int untilReopening;
    private boolean feeding = true;
    private boolean asideFailing;
    private volatile long finishBy = Long.MAX_VALUE;
    private volatile boolean leaving;
    private volatile boolean finishing;

    /** A thread that owns {@code spool}, not started; if that is null, it opens the spool itself. */
    SpoolWriter(Terms terms, @Nullable Spool spool, Feed feed) {
        super("beacon-spool");
        setDaemon(true);
        this.terms = terms;
        this.feed = feed;
        this.leftovers = new Leftovers(terms.spool().directory());
        if (spool != null) {
            adopt(spool);
            spool.last(Tail.MOST).forEach(terms.tail()::add);
            terms.counts().addSpooled(spool.state().events());
        }
    }

    @Override
    public void run() {
        boolean last;
        do {
            last = finishing && (System.nanoTime() - finishBy >= 0 || !isAnythingDue());
            cycle(last);
            if (!last) {
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            }
        } while (!last);
        feed.end();
        leftovers.close();
        countWhatIsLeft();
        Spool open = spool;
        if (open != null) {
            open.close();
        }
    }

    /** What the disk did not take in time is lost with this thread, and so is counted. */
    private void countWhatIsLeft() {
        long left = 0;
        while (terms.queue().relaxedPoll() != null) {
            left++;
        }
        terms.counts().addDropped(DropReason.SPOOL_FAILED, left);
    }

    @Override
    public void finish(Duration limit) {
        finishBy = System.nanoTime() + limit.toNanos();
        finishing = true;
        Ending.await(this, limit.multipliedBy(2));
    }

    @Override
    public void handOver(Duration limit) {
        leaving = true;
        feed.end();
        finish(limit);
    }

    /** Whoever takes over sends what is on disk; what is in memory has to get there, and what is under way is waited for. */
    private boolean isAnythingDue() {
        return !terms.queue().isEmpty() || (leaving ? !feed.isQuiet() : worthWaiting());
    }

    private boolean worthWaiting() {
        return feeding && feed.isFlowing() && terms.counts().spool().events() > 0;
    }

    /** One round of everything; {@code last} if there will be no other. */
    void cycle(boolean last) {
        Spool open = spool == null ? reopen(last) : spool;
        if (open == null) {
            return;
        }
        List<Spooled> fresh = new ArrayList<>();
        try {
            unsaved |= settle(open);
            admit(open, fresh);
            if (!leaving && !last && --untilLook <= 0) {
                takeOver(open);
            }
            sinceCommit++;
            if (!fresh.isEmpty() || (unsaved && (last || sinceCommit >= CYCLES_PER_REMOVAL))) {
                save(open, fresh);
            }
            hand(open);
        } catch (RuntimeException e) {
            // Whatever it is: a thread that ended here would end the beacon, and nobody would hear of it.
            terms.counts().addDropped(DropReason.SPOOL_FAILED, fresh.size());
            failed(open, e);
        }
    }

    /** As fast as it goes while there is something, and now and then a look if not. */
    private void takeOver(Spool open) {
        int moved = leftovers.moveSome(open);
        untilLook = moved > 0 ? 1 : CYCLES_PER_LOOK;
        if (moved > 0) {
            terms.counts().addSpooled(moved);
            terms.counts().spool(open.state());
        }
    }

    private boolean settle(Spool open) {
        boolean removed = false;
        for (Settlement one = terms.settlements().peek();
                one != null;
                one = terms.settlements().peek()) {
            Settlement.Refusal refusal = one.refusal();
            boolean aside = refusal != null && putAside(one.spooled(), refusal);
            removed |= open.remove(one.spooled().sequence());
            // Taken out last: what the disk refuses comes up again when the disk works again.
            terms.settlements().remove();
            handed.remove(one.spooled().sequence());
            if (refusal == null) {
                terms.counts().addSent();
            } else if (aside) {
                terms.counts().addDeadLetter();
            } else {
                terms.counts().addDropped(DropReason.DEAD_LETTERS_FAILED, 1);
            }
        }
        return removed;
    }

    /** Whether it worked; if not, what Esper refuses must not stand in the way of what it takes. */
    private boolean putAside(Spooled event, Settlement.Refusal refusal) {
        try {
            terms.deadLetters().add(event, refusal, terms.millis().getAsLong());
            asideFailing = false;
            return true;
        } catch (IOException e) {
            if (!asideFailing) {
                asideFailing = true;
                LOG.error("beacon: refused events cannot be put aside and are dropped: {}", e.toString());
            }
            return false;
        }
    }

    private void admit(Spool open, List<Spooled> fresh) {
        long now = terms.millis().getAsLong();
        for (int i = 0; i < BATCH; i++) {
            BeaconEvent event = terms.queue().relaxedPoll();
            if (event == null) {
                break;
            }
            byte[] bytes = terms.writer().write(event);
            if (bytes.length > EVENT_BYTES) {
                terms.counts().addDropped(DropReason.TOO_LARGE, 1);
            } else {
                fresh.add(open.append(bytes, now, event.learnedUnder()));
            }
        }
        terms.counts().addDropped(DropReason.SPOOL_FULL, open.trim());
    }

    private void save(Spool open, List<Spooled> fresh) {
        open.commit();
        open.compact();
        unsaved = false;
        sinceCommit = 0;
        // Only now are they safe, and only what is safe is shown, counted and sent.
        fresh.forEach(terms.tail()::add);
        terms.counts().addSpooled(fresh.size());
        fresh.clear();
        terms.counts().spool(open.state());
    }

    private void hand(Spool open) {
        int room = terms.window() - handed.size();
        if (leaving || !feeding || room <= 0) {
            return;
        }
        List<Spooled> next = open.after(cursor, room, WINDOW_BYTES);
        if (next.isEmpty()) {
            return;
        }
        List<Spooled> unknown = next.stream()
                .filter(spooled -> !handed.contains(spooled.sequence()))
                .toList();
        feeding = unknown.isEmpty() || feed.take(unknown);
        if (feeding) {
            cursor = next.get(next.size() - 1).sequence();
            unknown.forEach(spooled -> handed.add(spooled.sequence()));
        }
    }

    private void failed(Spool open, Exception e) {
        LOG.error("beacon: the spool does not work, trying again every few seconds", e);
        // What was handed out under a number is settled under it, whatever file comes next.
        least = Math.max(least, open.next());
        open.abandon();
        spool = null;
        untilReopening = CYCLES_PER_REOPENING;
    }

    private @Nullable Spool reopen(boolean last) {
        if (untilReopening-- > 0 && !last) {
            return null;
        }
        untilReopening = CYCLES_PER_REOPENING;
        try {
            Spool open = Spool.open(terms.spool(), terms.replaces());
            adopt(open);
            LOG.info("beacon: the spool is open");
            return open;
        } catch (IOException e) {
            LOG.debug("beacon: {}", e.getMessage());
            return null;
        }
    }

    private void adopt(Spool open) {
        spool = open;
        open.atLeast(least);
        open.generation(terms.generation());
        cursor = open.beforeFirst();
        terms.counts().spool(open.state());
    }
}
