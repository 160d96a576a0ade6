package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.state.Codec;
import com.esperr.gateway.state.StateKey;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Mitigations as one line of JSON; members that it does not know are skipped. Stateless, thread-safe. */
final class MitigationCodec implements Codec<Mitigation> {
    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public String write(Mitigation mitigation) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("action", mitigation.action().label());
            json.writeNumberField("expires_at_millis", mitigation.expiresAtMillis());
            Mitigation.Place place = mitigation.challenge();
            if (place != null) {
                json.writeStringField("redirect_url", place.redirectUrl());
                json.writeStringField("return_url", place.returnUrl().toString());
            }
            optional(json, "decision_id", mitigation.decisionId());
            optional(json, "reason", mitigation.reason());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void optional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    @Override
    public Mitigation read(String text) {
        Map<String, String> values = values(text);
        String redirectUrl = values.get("redirect_url");
        return new Mitigation(
                Action.valueOf(required(values, "action").toUpperCase(Locale.ROOT)),
                Long.parseLong(required(values, "expires_at_millis")),
                redirectUrl == null
                        ? null
                        : new Mitigation.Place(redirectUrl, StateKey.parse(required(values, "return_url"))),
                values.get("decision_id"),
                values.get("reason"));
    }

    private static Map<String, String> values(String text) {
        Map<String, String> values = new HashMap<>();
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("mitigation: not a JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    values.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "mitigation: not JSON: " + e.getClass().getSimpleName(), e);
        }
        return values;
    }

    private static String required(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": missing");
        }
        return value;
    }
}
