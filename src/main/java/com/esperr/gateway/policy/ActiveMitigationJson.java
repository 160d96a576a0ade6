package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.policy.ActiveMitigation.By;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Active mitigations as JSON, for stores that keep texts. A member without a value is left out. Stateless. */
final class ActiveMitigationJson {
    private static final JsonFactory JSON = new JsonFactory();

    private ActiveMitigationJson() {}

    static String write(ActiveMitigation mitigation) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            members(mitigation, json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** Writes the members into an object that is open. */
    static void members(ActiveMitigation mitigation, JsonGenerator json) throws IOException {
        json.writeStringField("tenant", mitigation.tenant());
        json.writeStringField("entity", mitigation.entity());
        json.writeObjectFieldStart("values");
        for (Map.Entry<String, String> value : mitigation.values().entrySet()) {
            json.writeStringField(value.getKey(), value.getValue());
        }
        json.writeEndObject();
        json.writeStringField("decision", mitigation.action().label());
        json.writeStringField("mitigation", mitigation.mitigation());
        text(json, "policy", mitigation.policy());
        text(json, "clause", mitigation.clause());
        text(json, "reason", mitigation.reason());
        json.writeStringField("decision_id", mitigation.decisionId());
        json.writeNumberField("created_at", mitigation.createdAtMillis());
        json.writeStringField("by", mitigation.by().name().toLowerCase(Locale.ROOT));
        ChallengeUrl target = mitigation.challengeUrl();
        text(json, "challenge_url", target == null ? null : target.template());
    }

    static ActiveMitigation read(String text) {
        Members members = new Members();
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("mitigation: not an object (expected: { … })");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                members.read(json.currentName(), json);
            }
        } catch (IOException malformed) {
            throw new IllegalArgumentException("mitigation: not JSON (expected: { … })", malformed);
        }
        return members.mitigation();
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    /** What was read so far. */
    private static final class Members {
        private final Map<String, String> texts = new LinkedHashMap<>();
        private final Map<String, String> values = new LinkedHashMap<>();
        private long createdAt;

        void read(String name, JsonParser json) throws IOException {
            JsonToken token = json.nextToken();
            if (token == JsonToken.VALUE_STRING) {
                texts.put(name, json.getText());
            } else if (name.equals("created_at") && token == JsonToken.VALUE_NUMBER_INT) {
                createdAt = json.getLongValue();
            } else if (name.equals("values") && token == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    values.put(field, String.valueOf(json.nextTextValue()));
                }
            } else {
                json.skipChildren();
            }
        }

        ActiveMitigation mitigation() {
            String target = texts.get("challenge_url");
            return new ActiveMitigation(
                    required("tenant"),
                    required("entity"),
                    values,
                    Action.valueOf(required("decision").toUpperCase(Locale.ROOT)),
                    required("mitigation"),
                    texts.get("policy"),
                    texts.get("clause"),
                    texts.get("reason"),
                    required("decision_id"),
                    createdAt,
                    By.valueOf(required("by").toUpperCase(Locale.ROOT)),
                    target == null ? null : ChallengeUrl.parse(target));
        }

        private String required(String name) {
            String text = texts.get(name);
            if (text == null) {
                throw new IllegalArgumentException(name + ": missing (expected: a text)");
            }
            return text;
        }
    }
}
