package com.esperr.gateway.policy;

import com.esperr.gateway.request.FieldReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How policies came to what they said about one request. Immutable. Values are those of the visitor, not redacted.
 *
 * @param hash of the policies that give this account
 * @param policies those that could apply, in the order in which they were asked, as far as there is room
 * @param left how many more there were
 */
public record PolicyAccount(String hash, List<Asked> policies, int left) {
    /**
     * A policy.
     *
     * @param policy its id
     * @param inScope whether the request is one of those that it is about; if not, no clause was asked
     * @param clauses in order
     */
    public record Asked(String policy, boolean inScope, List<AskedClause> clauses) {}

    /**
     * A clause.
     *
     * @param clause its name
     * @param holds whether its condition does, apart from its window
     * @param score the points that it adds, 0 if it adds none
     * @param tests what its condition is made of
     * @param window how often it must have happened, or null
     */
    public record AskedClause(
            String clause,
            boolean holds,
            int score,
            List<Test> tests,
            @Nullable Window window) {}

    /**
     * A comparison.
     *
     * @param fields what it reads
     * @param operator how it compares
     * @param operands with what
     * @param holds whether it does
     */
    public record Test(List<Value> fields, String operator, List<String> operands, boolean holds) {}

    /** A field and what the request has there, if anything. */
    public record Value(FieldReference field, @Nullable String text) {}

    /**
     * A window.
     *
     * @param count what was counted when the request was decided on, or -1 if it was not
     * @param threshold from how many on the clause matches
     * @param seconds within which time
     * @param entity who is counted
     * @param visitor by which values he is known
     */
    public record Window(int count, int threshold, int seconds, String entity, List<Value> visitor) {}
}
