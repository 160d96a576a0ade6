package com.esperr.gateway.state;

import java.util.ArrayList;
import java.util.List;

/** The rule of {@link Windows} written down the slow way: every hit is kept and looked at. */
final class HitModel {
    private final List<Long> hits = new ArrayList<>();
    private final long millis;
    private long now;

    HitModel(WindowLimit limit) {
        this.millis = limit.millis();
    }

    void hit(long at) {
        if (now - at >= millis) {
            hits.clear();
            now = at;
        }
        now = Math.max(now, at);
        hits.add(now);
    }

    int within(long millis) {
        int count = 0;
        for (int i = hits.size() - 1; i >= 0 && hits.get(i) > now - millis; i--) {
            count++;
        }
        return count;
    }
}
