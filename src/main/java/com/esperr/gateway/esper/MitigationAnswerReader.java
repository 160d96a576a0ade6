package com.esperr.gateway.esper;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Fields;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to a question, with a streaming parser and bounds on everything. Thread-safe. Whatever cannot be
 * understood is a failure: no text, type or truncation may become an allow by accident.
 */
public final class MitigationAnswerReader {
    private static final int DEEPEST = 32;
    private static final int LONGEST_TEXT = 16 * 1024;
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_NUMBER = 64;
    private static final int LONGEST_ID = 128;
    private static final int LONGEST_REASON = 512;
    private static final int LONGEST_TOKEN = 32;

    private final JsonFactory json = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            // Names are the service's choice; a table of them for ever is not.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNameLength(LONGEST_NAME)
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .build();
    private final KeyTree keys;
    private final String decisionIdHeader;
    private final RedirectRules redirects;
    private final ApiKey apiKey;

    /** A reader of answers as {@code config} expects them. */
    public MitigationAnswerReader(EsperConfig config, RedirectRules redirects) {
        this.keys = KeyTree.of(config.answer());
        this.decisionIdHeader = config.answer().decisionIdHeader();
        this.redirects = redirects;
        this.apiKey = config.apiKey();
    }

    /**
     * Reads one answer with status 200.
     *
     * @param authority the host and port that the visitor asked for, where a challenge may be as well
     * @throws FailureException with DECISION_MALFORMED or CHALLENGE_UNUSABLE
     */
    public MitigationAnswer read(byte[] body, Fields fields, String authority) {
        FoundKeys found = new FoundKeys();
        try (JsonParser parser = json.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("answer: not a JSON object");
            }
            object(parser, keys, found);
            if (parser.nextToken() != null) {
                throw malformed("answer: something behind the JSON object");
            }
        } catch (IOException e) {
            // The parser's message quotes the answer, so only its kind is passed on.
            throw malformed("answer: not JSON as expected: " + e.getClass().getSimpleName());
        }
        MitigationAction action = action(found);
        return new MitigationAnswer(
                action,
                action == MitigationAction.CHALLENGE ? redirectUrl(found, authority) : null,
                decisionId(found, fields),
                reason(found));
    }

    private static void object(JsonParser parser, KeyTree node, FoundKeys found) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            KeyTree child = node.child(parser.currentName());
            JsonToken token = parser.nextToken();
            if (child != null && token == JsonToken.START_OBJECT && child.hasChildren()) {
                object(parser, child, found);
            } else if (child != null) {
                value(parser, token, child, found);
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void value(JsonParser parser, JsonToken token, KeyTree node, FoundKeys found) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.VALUE_STRING && node.leadsToAction()) {
            throw malformed("answer: the action is not a text");
        }
        KeyTree.Slot slot = node.slot();
        if (slot == null) {
            if (node.leadsToAction()) {
                throw malformed("answer: a text where the object with the action was expected");
            }
            parser.skipChildren();
        } else if (token.isScalarValue()) {
            if (!found.put(slot, node.rank(), parser.getText())) {
                throw malformed("answer: a key that decides stands there twice");
            }
        } else {
            parser.skipChildren();
        }
    }

    private MitigationAction action(FoundKeys found) {
        String word = found.first(KeyTree.Slot.ACTION);
        if (word == null) {
            return MitigationAction.ALLOW;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "allow", "monitor", "observe" -> MitigationAction.ALLOW;
            case "challenge" -> MitigationAction.CHALLENGE;
            case "block" -> MitigationAction.BLOCK;
            default -> throw malformed("action: " + token(word) + " (expected: allow, monitor, challenge or block)");
        };
    }

    private String redirectUrl(FoundKeys found, String authority) {
        String url = found.first(KeyTree.Slot.REDIRECT_URL);
        if (url == null) {
            throw new FailureException(FailureReason.CHALLENGE_UNUSABLE, "redirect_url: missing");
        }
        String objection = redirects.objection(url, authority);
        if (objection != null) {
            throw new FailureException(FailureReason.CHALLENGE_UNUSABLE, apiKey.maskedIn(objection));
        }
        return url;
    }

    private @Nullable String decisionId(FoundKeys found, Fields fields) {
        String id = found.first(KeyTree.Slot.DECISION_ID);
        if (id == null) {
            id = fields.get(decisionIdHeader);
        }
        return id == null || id.isEmpty() || id.length() > LONGEST_ID || !isVisible(id) ? null : id;
    }

    private static @Nullable String reason(FoundKeys found) {
        String reason = found.first(KeyTree.Slot.REASON);
        return reason == null || reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }

    private static boolean isVisible(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private String token(String word) {
        // Masked before it is cut, lest half a key remain.
        String safe = apiKey.maskedIn(word);
        String start = safe.length() <= LONGEST_TOKEN ? safe : safe.substring(0, LONGEST_TOKEN);
        StringBuilder plain = new StringBuilder();
        start.chars().forEach(c -> plain.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return plain.toString();
    }

    private static FailureException malformed(String detail) {
        return new FailureException(FailureReason.DECISION_MALFORMED, detail);
    }
}
