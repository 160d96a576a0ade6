package com.esperr.gateway.challenge;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions under way: bounded, also in the bytes of their URLs, each gone when it expires. When there are too many, the
 * oldest of the tenant that has the most is dropped and counted, so that whoever opens them in masses ends his own first, and
 * those of people who have just come not at all. Thread-safe.
 */
final class ChallengeSessions {
    private static final int ID_BYTES = 16;
    private static final int URL_BYTES_A_PLACE = 512;

    private final SecureRandom random = new SecureRandom();
    private volatile long most;
    private volatile Duration lifetime;
    private final LongSupplier nanos;
    private final LongSupplier epochMillis;
    private final LongAdder dropped = new LongAdder();
    // What follows is guarded by this.
    private final Map<String, Held> sessions = new HashMap<>();
    private final Map<String, Share> shares = new HashMap<>();
    private long places;

    ChallengeSessions(long most, Duration lifetime, LongSupplier nanos, LongSupplier epochMillis) {
        this.most = most;
        this.lifetime = lifetime;
        this.nanos = nanos;
        this.epochMillis = epochMillis;
    }

    /** Holds so many from now on, and new ones so long. */
    void retune(long sessions, Duration each) {
        most = sessions;
        lifetime = each;
    }

    ChallengeSession open(String tenant, @Nullable String returnUrl, @Nullable String policy) {
        Duration each = lifetime;
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        ChallengeSession session = new ChallengeSession(
                HexFormat.of().formatHex(id), tenant, returnUrl, policy, epochMillis.getAsLong() + each.toMillis());
        keep(new Held(session, nanos.getAsLong() + each.toNanos()));
        return session;
    }

    synchronized @Nullable ChallengeSession find(String id) {
        Held held = sessions.get(id);
        return held == null || held.isOver(nanos.getAsLong()) ? null : held.session;
    }

    /** Ends the session; only the first who does gets it. */
    synchronized @Nullable ChallengeSession take(String id) {
        Held held = sessions.get(id);
        if (held == null) {
            return null;
        }
        remove(held);
        return held.isOver(nanos.getAsLong()) ? null : held.session;
    }

    /** Ends all of {@code tenant}. */
    synchronized void forget(String tenant) {
        Share share = shares.remove(tenant);
        if (share != null) {
            sessions.keySet().removeAll(share.inOrder.keySet());
            places -= share.places;
        }
    }

    synchronized long size() {
        expire();
        return sessions.size();
    }

    /** A session with a long URL takes several places. */
    Fill fill() {
        return Fill.of(Bounded.CHALLENGE_SESSIONS, this::places, () -> most, this::dropped);
    }

    private synchronized long places() {
        return places;
    }

    long dropped() {
        return dropped.sum();
    }

    private synchronized void keep(Held fresh) {
        expire();
        Share share = shares.computeIfAbsent(fresh.session.tenant(), tenant -> new Share());
        sessions.put(fresh.session.id(), fresh);
        share.inOrder.put(fresh.session.id(), fresh);
        share.places += fresh.places();
        places += fresh.places();
        while (places > most && sessions.size() > 1) {
            shares.values().stream()
                    .max(Comparator.comparingLong(each -> each.places))
                    .map(Share::oldest)
                    .ifPresent(this::remove);
            dropped.increment();
        }
    }

    /** All live equally long unless that was changed, so those that are over are the first of each tenant; others go a little later. */
    private void expire() {
        long now = nanos.getAsLong();
        for (Share share : shares.values()) {
            for (Held first = share.oldest(); first != null && first.isOver(now); first = share.oldest()) {
                remove(first);
            }
        }
    }

    private void remove(Held held) {
        sessions.remove(held.session.id());
        Share share = shares.get(held.session.tenant());
        if (share != null && share.inOrder.remove(held.session.id()) != null) {
            share.places -= held.places();
            places -= held.places();
        }
    }

    /** The sessions of one tenant, the oldest first; guarded by the lock of the whole. */
    private static final class Share {
        private final Map<String, Held> inOrder = new LinkedHashMap<>();
        private long places;

        private @Nullable Held oldest() {
            Iterator<Held> all = inOrder.values().iterator();
            return all.hasNext() ? all.next() : null;
        }
    }

    /** A session and the moment at which it ends, on the clock that nobody sets. */
    private record Held(ChallengeSession session, long endNanos) {
        boolean isOver(long now) {
            return endNanos - now <= 0;
        }

        long places() {
            String url = session.returnUrl();
            return 1L + (url == null ? 0 : url.length() / URL_BYTES_A_PLACE);
        }
    }
}
