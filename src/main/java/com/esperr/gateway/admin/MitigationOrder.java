package com.esperr.gateway.admin;

import com.esperr.gateway.decision.Action;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody orders to be active for a visitor. Immutable.
 *
 * @param fields the values of the entity's key fields
 * @param reason a sentence for people, or null
 */
record MitigationOrder(
        String entity,
        Map<String, String> fields,
        Action action,
        Duration lifetime,
        @Nullable String reason) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final long MAX_SECONDS = Duration.ofDays(366).toSeconds();

    /**
     * Reads an order such as <code>{"entity":"address","fields":{"client_ip":"192.0.2.1"},"decision":"block",
     * "lifetime_seconds":600}</code>.
     *
     * @throws IllegalArgumentException if it is none; the message names the member
     */
    static MitigationOrder parse(String body) {
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(body)) {
            expect(json.nextToken() == JsonToken.START_OBJECT, "body", "a JSON object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if (name.equals("fields") && token == JsonToken.START_OBJECT) {
                    fields(json, fields);
                } else {
                    expect(token.isScalarValue(), name, "a text or a number");
                    texts.put(name, json.getText());
                }
            }
        } catch (IOException malformed) {
            throw new IllegalArgumentException("body: not JSON (expected: a JSON object)", malformed);
        }
        return order(texts, fields);
    }

    private static void fields(JsonParser json, Map<String, String> fields) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            expect(json.nextToken() == JsonToken.VALUE_STRING, "fields." + name, "a text");
            fields.put(name, json.getText());
        }
    }

    private static MitigationOrder order(Map<String, String> texts, Map<String, String> fields) {
        String entity = texts.remove("entity");
        String decision = texts.remove("decision");
        String seconds = texts.remove("lifetime_seconds");
        String reason = texts.remove("reason");
        if (!texts.isEmpty()) {
            throw new IllegalArgumentException(texts.keySet().iterator().next()
                    + ": unknown (expected: entity, fields, decision, lifetime_seconds, reason)");
        }
        expect(entity != null, "entity", "the name of an entity");
        expect("block".equals(decision) || "challenge".equals(decision), "decision", "block or challenge");
        return new MitigationOrder(
                String.valueOf(entity),
                fields,
                Action.valueOf(String.valueOf(decision).toUpperCase(Locale.ROOT)),
                Duration.ofSeconds(seconds(seconds)),
                reason);
    }

    private static long seconds(@Nullable String text) {
        expect(text != null && text.matches("[0-9]{1,9}"), "lifetime_seconds", "1.." + MAX_SECONDS);
        long seconds = Long.parseLong(String.valueOf(text));
        expect(seconds >= 1 && seconds <= MAX_SECONDS, "lifetime_seconds", "1.." + MAX_SECONDS);
        return seconds;
    }

    private static void expect(boolean met, String name, String expectation) {
        if (!met) {
            throw new IllegalArgumentException(name + ": missing or wrong (expected: " + expectation + ")");
        }
    }
}
