package com.esperr.gateway.upstream;

import com.esperr.gateway.request.RequestContext;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the endpoint of one request; confined to an event loop. Endpoints that are ejected, down or full are left out; if
 * that leaves nobody, ejection and questions are taken back, because one of them may answer and nobody else will.
 */
final class Balancer {
    /** So many endpoints fit into the bits of a set. */
    static final int MOST = Long.SIZE;

    private final List<OriginEndpoint> endpoints;
    private final Balance balance;
    private final int maxRequests;
    private final LongSupplier nanos;
    private final SplittableRandom chance;
    private final long[] names;
    private int turn;

    Balancer(List<OriginEndpoint> endpoints, OriginConfig config, LongSupplier nanos, SplittableRandom chance) {
        this.endpoints = endpoints;
        this.balance = config.balance();
        this.maxRequests = config.maxRequests();
        this.nanos = nanos;
        this.chance = chance;
        this.turn = chance.nextInt(endpoints.size());
        this.names = endpoints.stream()
                .mapToLong(endpoint -> hash(endpoint.target().toString()))
                .toArray();
    }

    /** The endpoint for {@code request} that is none of the set {@code tried}, or null if there is none with room. */
    @Nullable
    OriginEndpoint pick(@Nullable RequestContext request, long tried) {
        long now = nanos.getAsLong();
        long roomy = 0;
        long well = 0;
        for (int i = 0; i < endpoints.size(); i++) {
            OriginEndpoint endpoint = endpoints.get(i);
            if ((tried >>> i & 1) == 0 && (maxRequests == 0 || endpoint.load() < maxRequests)) {
                roomy |= 1L << i;
                well |= endpoint.health().usable(now) ? 1L << i : 0;
            }
        }
        long candidates = well == 0 ? roomy : well;
        return candidates == 0 ? null : endpoints.get(of(candidates, request));
    }

    private int of(long candidates, @Nullable RequestContext request) {
        return switch (balance.rule()) {
            case LEAST_LOADED -> lessLoaded(candidates);
            case ROUND_ROBIN -> next(candidates);
            case CONSISTENT_HASH -> {
                String value = request == null ? null : balance.hashOn().value(request);
                // Whoever has no such value need not meet the same one again.
                yield value == null ? lessLoaded(candidates) : highest(candidates, hash(value));
            }
        };
    }

    private int lessLoaded(long candidates) {
        int count = Long.bitCount(candidates);
        if (count == 1) {
            return Long.numberOfTrailingZeros(candidates);
        }
        int first = chance.nextInt(count);
        int second = chance.nextInt(count - 1);
        int one = nth(candidates, first);
        int other = nth(candidates, second < first ? second : second + 1);
        return endpoints.get(other).load() < endpoints.get(one).load() ? other : one;
    }

    private int next(long candidates) {
        do {
            turn = (turn + 1) % endpoints.size();
        } while ((candidates >>> turn & 1) == 0);
        return turn;
    }

    /** The one that draws highest for {@code value}: when one goes, only its own values are drawn for anew. */
    private int highest(long candidates, long value) {
        int best = Long.numberOfTrailingZeros(candidates);
        long bestDraw = Long.MIN_VALUE;
        for (int i = best; i < endpoints.size(); i++) {
            long draw = mix(names[i] ^ value);
            if ((candidates >>> i & 1) == 1 && draw > bestDraw) {
                best = i;
                bestDraw = draw;
            }
        }
        return best;
    }

    private static int nth(long set, int n) {
        long rest = set;
        for (int i = 0; i < n; i++) {
            rest &= rest - 1;
        }
        return Long.numberOfTrailingZeros(rest);
    }

    /** FNV-1a; the same in every process, so that replicas choose alike. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The finalizer of MurmurHash3: every bit of the input changes half of the output. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
