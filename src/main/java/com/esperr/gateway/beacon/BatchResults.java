package com.esperr.gateway.beacon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The answer to several events, {@code {"results": [...]}}, where an entry with {@code error} is a refusal. Stateless. */
final class BatchResults {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BatchResults() {}

    /** Which of the events were refused, in their order; empty if the answer does not say. */
    static List<Boolean> refused(byte[] body) {
        List<Boolean> refused = new ArrayList<>();
        try {
            for (JsonNode result : JSON.readTree(body).path("results")) {
                refused.add(result.hasNonNull("error"));
            }
        } catch (IOException unreadable) {
            return List.of();
        }
        return refused;
    }
}
