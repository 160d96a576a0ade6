package com.esperr.gateway.policy;

import com.esperr.gateway.request.HeaderText;
import com.esperr.gateway.request.RequestField;
import com.esperr.gateway.request.UserAgentMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What clauses ask of User-Agent, of which the same texts come again and again. Thread-safe. */
final class AgentIndex {
    private static final int[] NONE = {};

    private final FieldIndex index;
    private final UserAgentMemory<int[]> clauses = new UserAgentMemory<>(this::search);

    /** Over {@code index}, which is {@link #isFor for} it. */
    AgentIndex(FieldIndex index) {
        this.index = index;
    }

    /** Whether {@code field} is about User-Agent. */
    static boolean isFor(FieldIndex field) {
        return field.slot().field().field() == RequestField.USER_AGENT;
    }

    /** Adds the clauses that the request's User-Agent makes possible. */
    void find(Inputs inputs, Candidates candidates) {
        String userAgent = inputs.request().userAgent();
        int[] possible = userAgent == null ? NONE : clauses.of(userAgent);
        if (possible.length > 0) {
            candidates.accept(possible);
        }
    }

    private int[] search(String userAgent) {
        String shown = HeaderText.decoded(userAgent);
        List<int[]> possible = new ArrayList<>();
        index.find(index.slot().folded() ? Inputs.fold(shown) : shown, possible::add);
        return possible.stream().flatMapToInt(Arrays::stream).distinct().toArray();
    }
}
