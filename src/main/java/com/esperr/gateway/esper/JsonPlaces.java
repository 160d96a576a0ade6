package com.esperr.gateway.esper;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the beginning of a JSON body; confined to one thread. A value counts once something follows it: the last
 * one may be half a number that looks like a whole one.
 */
final class JsonPlaces {
    private final JsonParser parser;
    private final Map<String, String> found;
    private List<String> pending = List.of();
    private String value = "";

    private JsonPlaces(JsonParser parser, Map<String, String> found) {
        this.parser = parser;
        this.found = found;
    }

    /** Puts what is there into {@code found}, up to the place where the text ends or is no JSON, which it throws. */
    static void read(JsonParser parser, PlaceTree tree, Map<String, String> found) throws IOException {
        JsonPlaces places = new JsonPlaces(parser, found);
        places.value(places.next(), tree);
        places.next();
    }

    private JsonToken next() throws IOException {
        JsonToken token = parser.nextToken();
        for (String name : pending) {
            found.put(name, value);
        }
        pending = List.of();
        return token == null ? JsonToken.NOT_AVAILABLE : token;
    }

    private void value(JsonToken token, PlaceTree here) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            while (next() == JsonToken.FIELD_NAME) {
                member(here.child(parser.currentName()));
            }
        } else if (token == JsonToken.START_ARRAY) {
            int index = 0;
            for (JsonToken item = next(); item != JsonToken.END_ARRAY; item = next()) {
                PlaceTree child = here.child(Integer.toString(index++));
                if (child == null) {
                    parser.skipChildren();
                } else {
                    value(item, child);
                }
            }
        } else if (token.isScalarValue()
                && token != JsonToken.VALUE_NULL
                && !here.names().isEmpty()) {
            value = parser.getText();
            pending = here.names();
        }
    }

    private void member(@Nullable PlaceTree child) throws IOException {
        JsonToken token = next();
        if (child == null) {
            parser.skipChildren();
        } else {
            value(token, child);
        }
    }
}
