package com.esperr.gateway.hosting;

import com.esperr.gateway.challenge.Seals;
import com.esperr.gateway.request.ChallengeTraces;
import com.esperr.gateway.request.RequestContext;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The cookie by which a browser shows that it keeps cookies, and by which its repeated answers are known for its own. Thread-safe;
 * nothing is remembered. One for all tabs: a page sets it only for who has none that lasts.
 */
final class SeenCookie {
    private static final String NAME = ChallengeTraces.COOKIE + "_seen";
    private static final Duration LIFE = Duration.ofDays(1);
    private static final int LENGTH = 2 * Long.BYTES;
    private static final int MOST_LOOKED_AT = 4;

    private final SecureRandom random = new SecureRandom();
    private final Seals seals;
    private final long shortestMillis;
    private final LongSupplier epochMillis;

    /** {@code time} is how long a visitor has for a challenge, in which his cookie must not end. */
    SeenCookie(Seals seals, Duration time, LongSupplier epochMillis) {
        this.seals = seals;
        this.shortestMillis = time.toMillis();
        this.epochMillis = epochMillis;
    }

    /** The cookie that {@code request} brings, or null if it brings none of ours. */
    @Nullable
    String find(RequestContext request, String site) {
        return find(request, site, 0);
    }

    /** The value of Set-Cookie for {@code request}, or null if it brings one that lasts. */
    @Nullable
    String set(RequestContext request, String site) {
        if (find(request, site, shortestMillis) != null) {
            return null;
        }
        byte[] thing = ByteBuffer.allocate(LENGTH)
                .putLong(epochMillis.getAsLong())
                .putLong(random.nextLong())
                .array();
        return NAME + '=' + seals.seal(thing, site) + "; Path=/; Max-Age=" + LIFE.toSeconds()
                + "; HttpOnly; SameSite=Lax" + (request.scheme().equals("https") ? "; Secure" : "");
    }

    private @Nullable String find(RequestContext request, String site, long leftMillis) {
        List<String> shown = request.traces().cookies().all(NAME);
        for (String value : shown.subList(0, Math.min(shown.size(), MOST_LOOKED_AT))) {
            byte[] thing = seals.open(value, site);
            if (thing != null && thing.length == LENGTH) {
                long end = ByteBuffer.wrap(thing).getLong() + LIFE.toMillis();
                if (end - leftMillis > epochMillis.getAsLong()) {
                    return value;
                }
            }
        }
        return null;
    }
}
