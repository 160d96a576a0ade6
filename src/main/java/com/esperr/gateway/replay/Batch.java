package com.esperr.gateway.replay;

import com.esperr.gateway.request.DescriptionException;
import com.esperr.gateway.request.RequestContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests of some lines, in the order in which they came, for each of those who decide about them. Immutable.
 *
 * @param shares of each decider, by number
 * @param size how many requests there are
 * @param latest when the last of them came, epoch milliseconds, or 0 if there are none
 * @param unreadable how many lines are none
 */
record Batch(List<List<Shown>> shares, int size, long latest, long unreadable) {
    /** No request. */
    static final Batch NONE = new Batch(List.of(), 0, 0, 0);

    /**
     * One request.
     *
     * @param recorded what was recorded
     * @param context as policies see it
     * @param place its place in the batch
     */
    record Shown(Recorded recorded, RequestContext context, int place) {}

    /** One that has no place yet. */
    private record Made(Recorded recorded, RequestContext context, int decider) {}

    /**
     * Makes requests of lines, which stand in {@code bytes} one behind the other.
     *
     * @param ends where each ends
     */
    static Batch of(byte[] bytes, int[] ends, int lines, RecordedRequests made, Sharing sharing) {
        List<Made> requests = new ArrayList<>(lines);
        int start = 0;
        for (int i = 0; i < lines; i++) {
            Recorded recorded = recorded(bytes, start, ends[i] - start);
            RequestContext context = recorded == null ? null : context(made, recorded);
            if (recorded != null && context != null) {
                requests.add(new Made(recorded, context, sharing.decider(context)));
            }
            start = ends[i];
        }
        // Requests are recorded when they end; policies saw them when they came.
        requests.sort(Comparator.comparingLong(request -> request.recorded.atMillis()));
        return of(requests, lines - requests.size(), sharing.deciders());
    }

    private static Batch of(List<Made> requests, long unreadable, int deciders) {
        List<List<Shown>> shares = new ArrayList<>();
        for (int i = 0; i < deciders; i++) {
            shares.add(new ArrayList<>(requests.size() / deciders + 1));
        }
        for (int place = 0; place < requests.size(); place++) {
            Made request = requests.get(place);
            shares.get(request.decider).add(new Shown(request.recorded, request.context, place));
        }
        long latest = requests.isEmpty()
                ? 0
                : requests.get(requests.size() - 1).recorded.atMillis();
        return new Batch(shares, requests.size(), latest, unreadable);
    }

    private static @Nullable Recorded recorded(byte[] bytes, int from, int length) {
        if (bytes[from] != '{') {
            return CombinedLine.read(bytes, from, length);
        }
        try {
            return RecordedJson.read(bytes, from, length);
        } catch (IOException other) {
            return null;
        }
    }

    private static @Nullable RequestContext context(RecordedRequests made, Recorded recorded) {
        try {
            return made.context(recorded);
        } catch (DescriptionException refused) {
            return null;
        }
    }
}
