package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.StateKey;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a feed, with bounds on everything. Stateless, thread-safe. What cannot be understood is an error, as a
 * block that was skipped would let somebody through; unknown names and unknown types of lines are of later versions and are not.
 */
final class FeedMessageReader {
    private static final int DEEPEST = 8;
    private static final int LONGEST_TEXT = 16 * 1024;
    private static final int LONGEST_CURSOR = 256;
    private static final int MOST_ENTITIES = 64;
    private static final int MOST_FIELDS = 16;
    private static final int WHOLE_ADDRESS = 128;
    private static final long LONGEST_HEARTBEAT = Duration.ofHours(1).toMillis();
    private static final String ENTITIES = "entities";

    private final JsonFactory json = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT)
                    .build())
            .build();

    /** Reads one line. */
    FeedMessage read(byte[] bytes, int offset, int length) throws BadFeed {
        Map<String, String> values = new HashMap<>();
        Map<String, List<String>> entities = new HashMap<>();
        try (JsonParser parser = json.createParser(bytes, offset, length)) {
            expect(parser.nextToken() == JsonToken.START_OBJECT, "line: not a JSON object");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(ENTITIES)) {
                    entities(parser, entities);
                } else if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    values.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
            expect(parser.nextToken() == null, "line: something behind the JSON object");
        } catch (IOException e) {
            // The parser's message quotes the line, which holds the secret of the keys.
            throw new BadFeed("line: not JSON as expected: " + e.getClass().getSimpleName());
        }
        return message(values, entities);
    }

    private static FeedMessage message(Map<String, String> values, Map<String, List<String>> entities) throws BadFeed {
        String cursor = values.get("cursor");
        expect(cursor == null || cursor.length() <= LONGEST_CURSOR, "cursor: too long");
        return switch (required(values, "type")) {
            case "snapshot" -> head(true, values, entities);
            case "resume" -> head(false, values, entities);
            case "put" -> put(cursor, values);
            case "remove" -> new FeedMessage.Remove(cursor, key(values, "key"));
            case "ready" -> new FeedMessage.Ready(required(values, "cursor"));
            default -> new FeedMessage.Other(cursor);
        };
    }

    private static FeedMessage head(boolean whole, Map<String, String> values, Map<String, List<String>> entities)
            throws BadFeed {
        StateKey seed = key(values, "seed");
        long prefix = number(values, "ipv6_prefix", 1, WHOLE_ADDRESS);
        Duration heartbeat = values.containsKey("heartbeat_ms")
                ? Duration.ofMillis(number(values, "heartbeat_ms", 1, LONGEST_HEARTBEAT))
                : null;
        HashSeed secret = new HashSeed(seed.high(), seed.low());
        return new FeedMessage.Head(whole, new ToldEntities(secret, (int) prefix, entities), heartbeat);
    }

    private static FeedMessage put(@Nullable String cursor, Map<String, String> values) throws BadFeed {
        StateKey key = key(values, "key");
        Action action = action(required(values, "decision"));
        if (action == Action.ALLOW) {
            return new FeedMessage.Remove(cursor, key);
        }
        long until = millis(required(values, "expires_at"));
        Mitigation mitigation = new Mitigation(action, until, values.get("decision_id"), values.get("reason"));
        return new FeedMessage.Put(cursor, required(values, "entity"), key, mitigation);
    }

    private static Action action(String decision) throws BadFeed {
        return switch (decision.toLowerCase(Locale.ROOT)) {
            case "block" -> Action.BLOCK;
            case "challenge" -> Action.CHALLENGE;
            case "allow", "monitor", "observe" -> Action.ALLOW;
            default -> throw new BadFeed("decision: a word that is not known (expected: block, challenge or monitor)");
        };
    }

    private static long millis(String text) throws BadFeed {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new BadFeed("expires_at: not a time (expected: RFC 3339 in UTC)");
        }
    }

    private static StateKey key(Map<String, String> values, String name) throws BadFeed {
        try {
            return StateKey.parse(required(values, name));
        } catch (IllegalArgumentException e) {
            throw new BadFeed(name + ": not shown (expected: 32 hexadecimal digits)");
        }
    }

    private static long number(Map<String, String> values, String name, long least, long most) throws BadFeed {
        try {
            long number = Long.parseLong(required(values, name));
            expect(
                    number >= least && number <= most,
                    name + ": " + number + " (expected: " + least + ".." + most + ")");
            return number;
        } catch (NumberFormatException e) {
            throw new BadFeed(name + ": not a number");
        }
    }

    private static void entities(JsonParser parser, Map<String, List<String>> entities) throws IOException, BadFeed {
        expect(parser.currentToken() == JsonToken.START_ARRAY, "entities: not a list");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken() == JsonToken.START_OBJECT, "entities: not a list of objects");
            expect(entities.size() < MOST_ENTITIES, "entities: more than " + MOST_ENTITIES);
            String name = null;
            List<String> fields = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (key.equals("name") && value == JsonToken.VALUE_STRING) {
                    name = parser.getText();
                } else if (key.equals("key_fields") && value == JsonToken.START_ARRAY) {
                    fields(parser, fields);
                } else {
                    parser.skipChildren();
                }
            }
            expect(name != null, "entities: one without a name");
            entities.put(String.valueOf(name), List.copyOf(fields));
        }
    }

    private static void fields(JsonParser parser, List<String> fields) throws IOException, BadFeed {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken() == JsonToken.VALUE_STRING, "key_fields: not a list of texts");
            expect(fields.size() < MOST_FIELDS, "key_fields: more than " + MOST_FIELDS);
            fields.add(parser.getText());
        }
    }

    private static String required(Map<String, String> values, String name) throws BadFeed {
        String value = values.get(name);
        if (value == null) {
            throw new BadFeed(name + ": missing");
        }
        return value;
    }

    private static void expect(boolean held, String otherwise) throws BadFeed {
        if (!held) {
            throw new BadFeed(otherwise);
        }
    }
}
