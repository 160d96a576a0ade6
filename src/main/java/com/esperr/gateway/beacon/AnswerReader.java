package com.esperr.gateway.beacon;

import com.esperr.gateway.decision.Action;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers to events: {@code {"active_mitigation": {"decision": "Block"}}} to one, {@code {"results": [...]}} with
 * such an object for each in their order to several. An answer without a body is one that says nothing. Stateless.
 */
final class AnswerReader {
    private static final int DEEPEST = 32;
    private static final int LONGEST_TEXT = 64 * 1024;
    private static final int BAD_REQUEST = 400;
    private static final int LOWEST_ERROR = 400;
    private static final int HIGHEST_ERROR = 599;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(LONGEST_TEXT)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private AnswerReader() {}

    /**
     * Reads the answer to {@code count} events; null stands for an event that it says nothing about.
     *
     * @throws IOException if it is no JSON object, so that whoever sent it was not Esper
     */
    static List<@Nullable EventAnswer> read(byte[] body, int count, boolean batched) throws IOException {
        JsonNode root = body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        if (!root.isObject() && !root.isMissingNode()) {
            throw new IOException("no JSON object");
        }
        JsonNode results = root.path("results");
        List<@Nullable EventAnswer> answers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            if (!batched) {
                answers.add(answer(root));
            } else if (results.isArray()) {
                JsonNode result = results.path(i);
                answers.add(result.isObject() ? result(result) : null);
            } else {
                answers.add(EventAnswer.TAKEN);
            }
        }
        return answers;
    }

    private static EventAnswer result(JsonNode result) {
        int status = result.path("status").asInt(0);
        boolean error = status >= LOWEST_ERROR && status <= HIGHEST_ERROR;
        if (error || result.hasNonNull("error")) {
            String said = result.hasNonNull("error") ? result.path("error").toString() : result.toString();
            return new EventAnswer(null, null, said, error ? status : BAD_REQUEST);
        }
        return answer(result);
    }

    private static EventAnswer answer(JsonNode answer) {
        JsonNode mitigation = answer.path("active_mitigation");
        if (mitigation.isNull() || mitigation.isMissingNode()) {
            return EventAnswer.TAKEN;
        }
        return new EventAnswer(
                mitigation.isObject() ? action(mitigation.path("decision")) : null,
                text(mitigation.path("decision_id")),
                text(mitigation.path("reason")),
                0);
    }

    private static @Nullable Action action(JsonNode decision) {
        if (decision.isNull() || decision.isMissingNode()) {
            return Action.ALLOW;
        }
        // A number or an object is no word, and its text none of these.
        return switch (decision.asText().toLowerCase(Locale.ROOT)) {
            case "allow", "monitor", "observe" -> Action.ALLOW;
            case "challenge" -> Action.CHALLENGE;
            case "block" -> Action.BLOCK;
            default -> null;
        };
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }
}
