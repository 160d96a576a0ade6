package com.esperr.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object of an answer, by name in lower case; what it holds is a text, a {@code Double}, a {@code Boolean}, another object, or
 * {@link #OTHER} or {@link #TWICE}. Immutable. Everything has a bound, because the service is trusted to decide, not to be well.
 */
final class JsonAnswer {
    /** What nobody asks for: a list. */
    static final Object OTHER = new Object();

    /** What stands under one name twice, in whatever case; nobody can say which one counts. */
    static final Object TWICE = new Object();

    private static final JsonFactory JSON = JsonFactory.builder()
            // Names are the service's choice; a table of them for ever is not.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxStringLength(16 * 1024)
                    .maxNameLength(256)
                    .maxNumberLength(64)
                    .build())
            .build();

    private final Map<String, Object> members;

    private JsonAnswer(Map<String, Object> members) {
        this.members = members;
    }

    /** Reads exactly one object. */
    static JsonAnswer parse(byte[] body) throws MalformedAnswerException {
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedAnswerException("answer: not a JSON object");
            }
            JsonAnswer answer = object(parser);
            if (parser.nextToken() != null) {
                throw new MalformedAnswerException("answer: something behind the JSON object");
            }
            return answer;
        } catch (IOException e) {
            // The parser's message quotes the answer, so only its kind is passed on.
            throw new MalformedAnswerException(
                    "answer: not JSON as expected: " + e.getClass().getSimpleName());
        }
    }

    private static JsonAnswer object(JsonParser parser) throws IOException {
        Map<String, Object> members = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName().toLowerCase(Locale.ROOT);
            Object value = value(parser, parser.nextToken());
            if (members.containsKey(name)) {
                members.put(name, TWICE);
            } else {
                members.put(name, value);
            }
        }
        return new JsonAnswer(members);
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> {
                parser.skipChildren();
                yield OTHER;
            }
        };
    }

    /** What is at {@code path}, a dot going one object deeper; null if there is nothing, or null. */
    @Nullable
    Object at(String path) {
        Object here = this;
        for (String name : path.toLowerCase(Locale.ROOT).split("\\.", -1)) {
            if (here == null) {
                return null;
            }
            if (!(here instanceof JsonAnswer object)) {
                return OTHER;
            }
            here = object.members.get(name);
        }
        return here;
    }

    /** The first text at any of {@code paths}, or null. */
    @Nullable
    String text(Iterable<String> paths) throws MalformedAnswerException {
        String first = null;
        for (String path : paths) {
            Object value = at(path);
            if (value == TWICE) {
                throw new MalformedAnswerException(path + ": there twice (expected: once)");
            }
            first = first == null && value instanceof String text ? text : first;
        }
        return first;
    }

    /**
     * The text that decides, the first at any of {@code paths}, or null if there is none. Anything but a text at any of them is no
     * answer, and so is anything but an object on the way there: a decision must not be overlooked.
     */
    @Nullable
    String decidingText(Iterable<String> paths) throws MalformedAnswerException {
        String first = null;
        for (String path : paths) {
            Object value = at(path);
            if (value != null && !(value instanceof String)) {
                throw new MalformedAnswerException(path + ": not one text (expected: an action)");
            }
            first = first == null ? (String) value : first;
        }
        return first;
    }
}
