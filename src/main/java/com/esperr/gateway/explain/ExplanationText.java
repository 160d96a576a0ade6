package com.esperr.gateway.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An explanation for people: what is inside something stands below it, further to the right. Stateless. Nothing that a visitor wrote
 * can move a cursor or turn the direction of writing.
 */
public final class ExplanationText {
    private static final JsonFactory JSON = new JsonFactory();

    private ExplanationText() {}

    /** The text of an explanation in JSON, with a line feed at its end. */
    public static String of(String explanation) {
        StringBuilder text = new StringBuilder();
        try (JsonParser json = JSON.createParser(explanation)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no explanation");
            }
            object(json, text, "", "");
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return text.toString();
    }

    /** The members of an object whose start was read; {@code lead} comes before the first and {@code indent} before the others. */
    private static void object(JsonParser json, StringBuilder text, String lead, String indent) throws IOException {
        String before = lead;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            text.append(before);
            safe(text, json.currentName());
            text.append(':');
            value(json, text, indent + "  ");
            before = indent;
        }
    }

    private static void value(JsonParser json, StringBuilder text, String indent) throws IOException {
        JsonToken token = json.nextToken();
        if (token == JsonToken.START_OBJECT) {
            text.append('\n');
            object(json, text, indent, indent);
        } else if (token == JsonToken.START_ARRAY) {
            text.append('\n');
            while (json.nextToken() == JsonToken.START_OBJECT) {
                object(json, text, indent + "- ", indent + "  ");
            }
        } else {
            text.append(' ');
            safe(text, token == JsonToken.VALUE_NULL ? "(none)" : json.getText());
            text.append('\n');
        }
    }

    private static void safe(StringBuilder text, String value) {
        value.codePoints().forEach(point -> {
            switch (Character.getType(point)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.UNASSIGNED,
                        Character.PRIVATE_USE ->
                    text.append("\\u{").append(Integer.toHexString(point)).append('}');
                default -> text.appendCodePoint(point);
            }
        });
    }
}
