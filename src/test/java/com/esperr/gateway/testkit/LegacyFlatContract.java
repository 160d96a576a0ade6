package com.esperr.gateway.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The request side of Esper's older contract, which is flat: every departure is a line of text. Immutable. */
final class LegacyFlatContract {
    private static final Set<String> KEYS = Set.of("platform_id", "ip", "user_agent", "path", "method");

    private LegacyFlatContract() {}

    /** Everything about this call that the contract does not allow. */
    static List<String> violations(ReceivedRequest request, JsonNode body, String apiKey) {
        List<String> found = new ArrayList<>(request.problems());
        if (!request.method().equals("POST") || !request.path().equals(EsperContract.MITIGATION)) {
            found.add(request.method() + " " + request.target() + " (expected: POST " + EsperContract.MITIGATION + ")");
        }
        if (request.headers().has("x-esper-api-key")) {
            found.add("x-esper-api-key (expected: authorization, as shapes are not mixed)");
        }
        if (request.bodyText().contains(apiKey)) {
            found.add("body: contains the API key");
        }
        for (Map.Entry<String, JsonNode> entry : body.properties()) {
            if (!KEYS.contains(entry.getKey()) || !entry.getValue().isTextual()) {
                found.add(entry + " (expected: a text, one of " + KEYS + ")");
            }
        }
        if (body.size() != KEYS.size()) {
            found.add(body.size() + " keys (expected: " + KEYS + ")");
        }
        return found;
    }
}
