package com.esperr.gateway.explain;

/** So many in a second on average, and those of several seconds at once. Thread-safe. */
final class Turns {
    private static final long SECOND = 1000;

    private final int perSecond;
    /** What is there at the most, in thousandths of one. */
    private final long most;
    /** What is left, in thousandths of one, at {@link #atMillis}. */
    private long left;

    private long atMillis;
    /** Until when none is left, so that a flood waits for no lock. */
    private volatile long spentUntil;

    /** @param seconds for how long they gather */
    Turns(int perSecond, int seconds) {
        this.perSecond = perSecond;
        most = seconds * SECOND * perSecond;
        left = most;
    }

    /** Whether there is one left at {@code nowMillis}. */
    boolean take(long nowMillis) {
        return take(nowMillis, 0);
    }

    /** Whether there is one left that nothing more important may need: more than half are. */
    boolean takeSpare(long nowMillis) {
        return take(nowMillis, most / 2);
    }

    private boolean take(long nowMillis, long kept) {
        long wait = spentUntil - nowMillis;
        // Longer than it ever is: the clock was set back.
        return (wait <= 0 || wait > SECOND) && takeNow(nowMillis, kept);
    }

    private synchronized boolean takeNow(long now, long kept) {
        long passed = now - atMillis;
        if (passed > 0) {
            left = passed >= most / perSecond ? most : Math.min(most, left + passed * perSecond);
        }
        // Another thread's clock may be a little ahead, and nothing is given twice; one that was set back counts from
        // there.
        if (passed > 0 || passed < -SECOND) {
            atMillis = now;
        }
        if (left < SECOND) {
            spentUntil = now + (SECOND - left + perSecond - 1) / perSecond;
            return false;
        }
        if (left - SECOND < kept) {
            return false;
        }
        left -= SECOND;
        return true;
    }
}
