package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.policy.Scoring.Threshold;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the points of a policy's clauses become what is done. Immutable.
 *
 * @param thresholds highest first
 */
record Scoring(List<Threshold> thresholds) {
    /** From so many points on, this is done. */
    record Threshold(int points, Measure measure, @Nullable Action would) {}

    /** The threshold that so many points reach, or null. */
    @Nullable
    Threshold reached(int points) {
        for (Threshold threshold : thresholds) {
            if (points >= threshold.points()) {
                return threshold;
            }
        }
        return null;
    }

    /**
     * Why a threshold was reached.
     *
     * @param scored the clauses that matched, at least one
     */
    static Cause cause(Threshold threshold, int points, List<Clause> scored) {
        Cause first = scored.get(0).cause();
        StringBuilder names = new StringBuilder();
        StringBuilder sum = new StringBuilder();
        for (Clause clause : scored) {
            String separator = names.isEmpty() ? "" : ", ";
            names.append(separator).append(clause.cause().clause());
            sum.append(separator).append(clause.cause().clause()).append(' ').append(clause.score());
        }
        String reason = points + " points (" + sum + ")";
        String title = first.reason();
        return new Cause(
                first.source(),
                first.policy(),
                names.toString(),
                null,
                title == null ? reason : title + ": " + reason,
                null,
                threshold.would(),
                first.policies());
    }
}
