package com.esperr.gateway.replay;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.request.BotFacts;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A recorded request as one line of JSON. Thread-safe. */
final class RecordedJson {
    private static final int USUAL_BYTES = 512;
    /** The pool of one's thread, which is the usual one, costs more to find than a line to read. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .build();

    private static final Map<String, Action> ACTIONS =
            Arrays.stream(Action.values()).collect(Collectors.toUnmodifiableMap(Action::label, action -> action));

    private RecordedJson() {}

    /** The line with its line feed. */
    static byte[] write(Recorded request) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("at", request.atMillis());
            optional(out, "ref", request.reference());
            out.writeStringField("method", request.method());
            out.writeStringField("path", request.path());
            optional(out, "client", request.client());
            optional(out, "agent", request.userAgent());
            fields(out, request);
            bot(out, request.bot());
            if (request.exempt()) {
                out.writeBooleanField("exempt", true);
            }
            optional(out, "set", request.set());
            Recorded.Said said = request.said();
            if (said != null) {
                out.writeStringField("action", said.action().label());
                optional(out, "policy", said.policy());
                optional(out, "clause", said.clause());
            }
            out.writeEndObject();
            out.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    private static void fields(JsonGenerator out, Recorded request) throws IOException {
        if (request.names().isEmpty()) {
            return;
        }
        out.writeObjectFieldStart("fields");
        for (int i = 0; i < request.names().size(); i++) {
            optional(out, request.names().get(i), request.values().get(i));
        }
        out.writeEndObject();
    }

    private static void bot(JsonGenerator out, BotFacts bot) throws IOException {
        if (bot.name() == null) {
            return;
        }
        out.writeArrayFieldStart("bot");
        out.writeString(bot.name());
        out.writeString(bot.status().label());
        if (bot.method() != null) {
            out.writeString(bot.method().label());
        }
        out.writeEndArray();
    }

    private static void optional(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    /** @throws IOException if it is no line of a recording */
    static Recorded read(byte[] bytes, int from, int length) throws IOException {
        Reading reading = new Reading();
        try (JsonParser in = JSON.createParser(bytes, from, length)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                reading.member(name, in);
            }
        } catch (IllegalArgumentException unknown) {
            throw new IOException("an unknown word", unknown);
        }
        return reading.done();
    }

    /** What has been read of one line. */
    private static final class Reading {
        private final List<String> names = new ArrayList<>();
        private final List<@Nullable String> values = new ArrayList<>();
        private long at = -1;
        private @Nullable String reference;
        private @Nullable String method;
        private @Nullable String path;
        private @Nullable String client;
        private @Nullable String agent;
        private BotFacts bot = BotFacts.NONE;
        private boolean exempt;
        private @Nullable String set;
        private @Nullable Action action;
        private @Nullable String policy;
        private @Nullable String clause;

        void member(String name, JsonParser in) throws IOException {
            switch (name) {
                case "at" -> at = in.getLongValue();
                case "ref" -> reference = in.getText();
                case "method" -> method = in.getText();
                case "path" -> path = in.getText();
                case "client" -> client = in.getText();
                case "agent" -> agent = in.getText();
                case "set" -> set = in.getText();
                case "exempt" -> exempt = in.getBooleanValue();
                case "action" -> action = action(in.getText());
                case "policy" -> policy = in.getText();
                case "clause" -> clause = in.getText();
                case "fields" -> fields(in);
                case "bot" -> bot(in);
                default -> in.skipChildren();
            }
        }

        private static Action action(String text) {
            Action known = ACTIONS.get(text);
            return known == null ? Action.valueOf(text.toUpperCase(Locale.ROOT)) : known;
        }

        private void fields(JsonParser in) throws IOException {
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                names.add(in.currentName());
                in.nextToken();
                values.add(in.getText());
            }
        }

        private void bot(JsonParser in) throws IOException {
            List<String> words = new ArrayList<>(3);
            while (in.nextToken() == JsonToken.VALUE_STRING) {
                words.add(in.getText());
            }
            if (words.size() < 2) {
                throw new IOException("not a bot");
            }
            bot = new BotFacts(
                    words.get(0),
                    BotFacts.Status.valueOf(words.get(1).toUpperCase(Locale.ROOT)),
                    words.size() == 2
                            ? null
                            : BotFacts.Method.valueOf(words.get(2).toUpperCase(Locale.ROOT)),
                    false);
        }

        Recorded done() throws IOException {
            if (at < 0 || method == null || path == null) {
                throw new IOException("no request");
            }
            return new Recorded(
                    at,
                    reference,
                    method,
                    path,
                    client,
                    agent,
                    names,
                    values,
                    bot,
                    exempt,
                    set,
                    action == null ? null : new Recorded.Said(action, policy, clause));
        }
    }
}
