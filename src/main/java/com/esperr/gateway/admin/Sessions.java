package com.esperr.gateway.admin;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who has signed in to the dashboard. Thread-safe; nobody holds its lock for longer than a look-up. Of an id only the hash is kept,
 * so that no dump of memory lets anybody in. Bounded in number, the oldest go first; they end with the process.
 */
final class Sessions {
    static final int MOST = 64;

    private static final int ID_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Long> ends = new LinkedHashMap<>();
    private final LongAdder dropped = new LongAdder();
    private final long lifetimeNanos;
    private final LongSupplier nanos;

    Sessions(Duration lifetime, LongSupplier nanos) {
        this.lifetimeNanos = lifetime.toNanos();
        this.nanos = nanos;
    }

    /** Begins one; its id. */
    String open() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        synchronized (this) {
            ends.put(hash(id), nanos.getAsLong() + lifetimeNanos);
            Iterator<Long> oldest = ends.values().iterator();
            while (ends.size() > MOST) {
                oldest.next();
                oldest.remove();
                dropped.increment();
            }
        }
        return id;
    }

    /** Whether the session of that id goes on. */
    boolean holds(@Nullable String id) {
        if (id == null) {
            return false;
        }
        String hash = hash(id);
        synchronized (this) {
            Long end = ends.get(hash);
            if (end != null && nanos.getAsLong() - end >= 0) {
                ends.remove(hash);
                return false;
            }
            return end != null;
        }
    }

    /** Ends one. */
    void close(@Nullable String id) {
        if (id != null) {
            String hash = hash(id);
            synchronized (this) {
                ends.remove(hash);
            }
        }
    }

    Fill fill() {
        return Fill.of(Bounded.ADMIN_SESSIONS, this::size, MOST, dropped::sum);
    }

    private synchronized int size() {
        return ends.size();
    }

    /** How long one lasts. */
    Duration lifetime() {
        return Duration.ofNanos(lifetimeNanos);
    }

    private static String hash(String id) {
        return HexFormat.of().formatHex(OperatorToken.digest(id));
    }
}
