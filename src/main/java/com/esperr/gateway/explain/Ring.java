package com.esperr.gateway.explain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest explanations by their references, bounded in number, bytes and age. Thread-safe; nobody holds its lock for longer than
 * it takes to let go of the oldest.
 */
final class Ring {
    /** How many are let go at once when there is to be less room. */
    private static final int STEP = 256;
    /** What an entry takes besides its text, roughly. */
    private static final int OVERHEAD = 200;

    private int entries;
    private long bytes;
    private long lifetimeMillis;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private long held;
    private long dropped;

    /** @param lifetimeMillis how long an entry is found */
    Ring(int entries, long bytes, long lifetimeMillis) {
        this.entries = entries;
        this.bytes = bytes;
        this.lifetimeMillis = lifetimeMillis;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Kept(byte[] text, long atMillis) {
        long size() {
            return text.length + (long) OVERHEAD;
        }
    }

    /** Keeps {@code text}, which is not changed any more, in place of what was kept under {@code reference}. */
    synchronized void put(String reference, byte[] text, long nowMillis) {
        Kept before = kept.remove(reference);
        if (before != null) {
            held -= before.size();
        }
        Kept entry = new Kept(text, nowMillis);
        kept.put(reference, entry);
        held += entry.size();
        Iterator<Kept> oldest = kept.values().iterator();
        while (kept.size() > entries || held > bytes || isFirstOld(nowMillis)) {
            Kept gone = oldest.next();
            if (nowMillis - gone.atMillis() < lifetimeMillis) {
                dropped++;
            }
            held -= gone.size();
            oldest.remove();
        }
    }

    private synchronized boolean isFirstOld(long nowMillis) {
        Iterator<Kept> oldest = kept.values().iterator();
        return oldest.hasNext() && nowMillis - oldest.next().atMillis() >= lifetimeMillis;
    }

    /** Keeps no more than that from now on; the oldest go step by step, so that nobody waits for all of them. */
    void limit(int most, long mostBytes, long longestMillis, long nowMillis) {
        boolean fits = false;
        while (!fits) {
            fits = fit(most, mostBytes, longestMillis, nowMillis);
        }
    }

    private synchronized boolean fit(int most, long mostBytes, long longestMillis, long nowMillis) {
        Iterator<Kept> oldest = kept.values().iterator();
        for (int i = 0; i < STEP && oldest.hasNext(); i++) {
            Kept first = oldest.next();
            boolean old = nowMillis - first.atMillis() >= longestMillis;
            if (!old && kept.size() <= most && held <= mostBytes) {
                break;
            }
            dropped += old ? 0 : 1;
            held -= first.size();
            oldest.remove();
            if (i == STEP - 1) {
                return false;
            }
        }
        entries = most;
        bytes = mostBytes;
        lifetimeMillis = longestMillis;
        return true;
    }

    /** What is kept under {@code reference}, or null. */
    synchronized byte @Nullable [] find(String reference, long nowMillis) {
        Kept found = kept.get(reference);
        return found == null || nowMillis - found.atMillis() >= lifetimeMillis ? null : found.text();
    }

    /** The newest, at most {@code limit}, the newest first. */
    synchronized List<byte[]> newest(int limit, long nowMillis) {
        List<byte[]> found = new ArrayList<>();
        int older = kept.size() - limit;
        for (Kept entry : kept.values()) {
            if (older-- <= 0 && nowMillis - entry.atMillis() < lifetimeMillis) {
                found.add(entry.text());
            }
        }
        Collections.reverse(found);
        return found;
    }

    synchronized int size() {
        return kept.size();
    }

    synchronized long bytes() {
        return held;
    }

    /** How many were let go before their time, because there were too many. */
    synchronized long dropped() {
        return dropped;
    }
}
