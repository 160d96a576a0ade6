package com.esperr.gateway.server;

import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.KeyHash;
import com.esperr.gateway.state.StateKey;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.function.BiConsumer;

/**
 * Walks through the JSON of one request, and refuses a value of the wrong type by the name of its member. Confined to one
 * thread. It keeps a fingerprint of the texts that were read, in which their order does not matter.
 */
final class JsonInput {
    private static final HashSeed FINGERPRINTS = HashSeed.random();

    private final JsonParser parser;
    private long high;
    private long low;

    private JsonInput(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Reads {@code body}, which has to be one object, by {@code reader}.
     *
     * @throws BadInput if it is anything else
     */
    static <T> T read(byte[] body, Reader<T> reader) {
        if (!isUtf8(body)) {
            throw new BadInput(new ApiError(
                    400, "malformed_json", "body: not UTF-8, or with a byte order mark (expected: UTF-8 without one)"));
        }
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            JsonInput input = new JsonInput(parser);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadInput(
                        new ApiError(400, "malformed_json", "body: not an object (expected: one JSON object)"));
            }
            T read = reader.read(input);
            if (parser.nextToken() != null) {
                throw new BadInput(new ApiError(400, "malformed_json", "body: more than one value (expected: one)"));
            }
            return read;
        } catch (JsonProcessingException malformed) {
            // The parser's own words may quote the body.
            long at = malformed.getLocation() == null
                    ? 0
                    : malformed.getLocation().getByteOffset();
            throw new BadInput(new ApiError(
                    400,
                    "malformed_json",
                    "body: not JSON near byte " + Math.max(0, at) + " (expected: one JSON object)"));
        } catch (IOException impossible) {
            throw new BadInput(new ApiError(400, "malformed_json", "body: not readable (expected: JSON in UTF-8)"));
        }
    }

    /** Whether it begins as JSON in UTF-8 does: the parser would guess another encoding by these bytes (RFC 8259 section 8.1). */
    private static boolean isUtf8(byte[] body) {
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0 || body[i] == (byte) 0xef || body[i] == (byte) 0xfe || body[i] == (byte) 0xff) {
                return i > 0 && body[i] == (byte) 0xef;
            }
        }
        return true;
    }

    /** Visits the members of the object that begins at the current token; {@code members} must take or skip each value. */
    void members(Members members) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            members.member(name);
        }
    }

    /** Whether the current value is null, which is as good as none. */
    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** Whether the current value is an object. */
    boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    /** The current value, a text. */
    String text(String field) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong(field, "a text");
        }
        String text = parser.getText();
        note(field, text);
        return text;
    }

    /** The same, which does not count for the fingerprint. */
    String unnoted(String field) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong(field, "a text");
        }
        return parser.getText();
    }

    /** Passes over the current value. */
    void skip() throws IOException {
        parser.skipChildren();
    }

    /** The texts of the current value, an object. */
    void texts(String field, BiConsumer<String, String> each) throws IOException {
        object(field);
        members(name -> each.accept(name, text(field + '.' + name)));
    }

    /** The scalars of the current value, an object that may hold more objects and lists, by their way from the outside. */
    void scalars(String field, BiConsumer<String, String> each) throws IOException {
        object(field);
        scalars(field, "", each);
    }

    private void scalars(String field, String way, BiConsumer<String, String> each) throws IOException {
        members(name -> scalar(field, way.isEmpty() ? name : way + "->" + name, each));
    }

    private void scalar(String field, String way, BiConsumer<String, String> each) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            scalars(field, way, each);
        } else if (token == JsonToken.START_ARRAY) {
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                scalar(field, way + "->" + i, each);
            }
        } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            String text = parser.getText();
            note(field + '.' + way, text);
            each.accept(way, text);
        } else {
            throw wrong(field + '.' + way, "a text, a number or true or false");
        }
    }

    /** The elements of the current value, a list; one that is refused does not keep the others from being read. */
    void elements(String field, Element element) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw wrong(field, "a list");
        }
        JsonStreamContext list = parser.getParsingContext();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            try {
                element.read();
            } catch (BadInput refused) {
                while (parser.getParsingContext() != list) {
                    parser.nextToken();
                }
                element.refused(refused.error());
            }
        }
    }

    /** Fails unless the current value is an object. */
    void object(String field) {
        if (!isObject()) {
            throw wrong(field, "an object");
        }
    }

    /** Begins a new fingerprint. */
    void forget() {
        high = 0;
        low = 0;
    }

    /** Stands for all texts that were read since the last {@link #forget}. */
    StateKey fingerprint() {
        return new StateKey(high, low);
    }

    private void note(String field, String text) {
        StateKey one = new KeyHash(FINGERPRINTS).add(field).add(text).key();
        high += one.high();
        low += one.low();
    }

    private static BadInput wrong(String field, String expected) {
        return BadInput.field(field, field + ": of another type (expected: " + expected + ")");
    }

    /** Reads a whole value. */
    interface Reader<T> {
        /** Reads it. */
        T read(JsonInput input) throws IOException;
    }

    /** Takes the value of one member. */
    interface Members {
        /** The member is called {@code name} and its value is current. */
        void member(String name) throws IOException;
    }

    /** Takes the elements of a list. */
    interface Element {
        /** Reads the current element. */
        void read() throws IOException;

        /** The current element was refused. */
        void refused(ApiError error);
    }
}
