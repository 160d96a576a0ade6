package com.esperr.gateway.replay;

import com.esperr.gateway.request.DescriptionException;
import com.esperr.gateway.request.RequestContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests of some lines, in the order in which they came. Immutable.
 *
 * @param requests the requests
 * @param unreadable how many lines are none
 */
record Batch(List<Shown> requests, long unreadable) {
    /**
     * One request.
     *
     * @param recorded what was recorded
     * @param context as policies see it
     * @param decider the number of the one who decides about it
     */
    record Shown(Recorded recorded, RequestContext context, int decider) {}

    /**
     * Makes requests of lines, which stand in {@code bytes} one behind the other.
     *
     * @param ends where each ends
     */
    static Batch of(byte[] bytes, int[] ends, int lines, RecordedRequests made, Sharing sharing) {
        List<Shown> requests = new ArrayList<>(lines);
        int start = 0;
        for (int i = 0; i < lines; i++) {
            Recorded recorded = recorded(bytes, start, ends[i] - start);
            RequestContext context = recorded == null ? null : context(made, recorded);
            if (recorded != null && context != null) {
                requests.add(new Shown(recorded, context, sharing.decider(context)));
            }
            start = ends[i];
        }
        // Requests are recorded when they end; policies saw them when they came.
        requests.sort(Comparator.comparingLong(shown -> shown.recorded.atMillis()));
        return new Batch(requests, lines - requests.size());
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
