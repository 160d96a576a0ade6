package com.esperr.gateway.server;

import com.esperr.gateway.request.RequestDescription;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads questions and events as Esper documents them. Confined to one thread; one reader reads one object. Members that are
 * not in the contract are passed over; members that are have their type, and those that are required are there.
 */
final class QuestionReader {
    private static final int LONGEST_KEY = 256;

    private final JsonInput input;
    private final RequestDescription description = new RequestDescription();
    private boolean source;
    private boolean observedAt;
    private boolean request;
    private boolean method;
    private boolean path;
    private boolean fields;
    private @Nullable String tenantId;
    private @Nullable String idempotencyKey;

    private QuestionReader(JsonInput input) {
        this.input = input;
    }

    /** A question of the current shape. */
    static Question question(byte[] body) {
        return JsonInput.read(body, input -> new QuestionReader(input).nested(true));
    }

    /** A question of the older, flat shape, which says neither where it is from nor when it was asked. */
    static Question flat(byte[] body, long nowMillis) {
        return JsonInput.read(body, input -> new QuestionReader(input).flat(nowMillis));
    }

    /** An event. */
    static Question event(byte[] body) {
        return JsonInput.read(body, input -> new QuestionReader(input).nested(false));
    }

    /** Several events; those that are refused stand as the refusal. */
    static List<Told> events(byte[] body, int most) {
        return JsonInput.read(body, input -> {
            List<Told> told = new ArrayList<>();
            boolean[] listed = new boolean[1];
            input.members(name -> {
                if (name.equals("events")) {
                    listed[0] = true;
                    elements(input, told, most);
                } else {
                    input.skip();
                }
            });
            if (!listed[0] || told.isEmpty()) {
                throw BadInput.field("events", "events: missing or empty (expected: a list of events)");
            }
            return told;
        });
    }

    private static void elements(JsonInput input, List<Told> told, int most) throws IOException {
        input.elements("events", new JsonInput.Element() {
            @Override
            public void read() throws IOException {
                if (told.size() == most) {
                    throw new TooMany(most);
                }
                input.object("events[" + told.size() + ']');
                told.add(new Told(new QuestionReader(input).nested(false), null));
            }

            @Override
            public void refused(ApiError error) {
                told.add(new Told(null, error));
            }
        });
    }

    private Question nested(boolean whole) throws IOException {
        input.forget();
        input.members(this::member);
        require(source, "source", "a text");
        require(observedAt, "observed_at", "a moment such as 2026-05-04T08:15:30.120Z");
        if (whole || request) {
            require(request, "request", "an object");
            require(method, "request.method", "a method such as GET");
            require(path, "request.path", "a path such as /basket");
        }
        require(fields, "fields", "an object that is not empty");
        return new Question(description, tenantId, idempotencyKey, input.fingerprint());
    }

    private void member(String name) throws IOException {
        switch (name) {
            case "source" -> {
                description.source(filled(name, input.text(name)));
                source = true;
            }
            case "observed_at" -> {
                description.observedAtMillis(moment(input.unnoted(name)));
                observedAt = true;
            }
            case "tenant_id" -> tenantId = optional(name);
            case "idempotency_key" -> idempotencyKey = key();
            case "return_url" -> description.returnUrl(optional(name));
            case "request" -> {
                if (!input.isNull()) {
                    request = true;
                    input.object(name);
                    input.members(this::request);
                }
            }
            case "fields" ->
                input.scalars(name, (field, value) -> {
                    fields = true;
                    description.field(field, value);
                });
            default -> input.skip();
        }
    }

    private void request(String name) throws IOException {
        String field = "request." + name;
        switch (name) {
            case "method" -> {
                description.method(filled(field, input.text(field)));
                method = true;
            }
            case "path" -> {
                description.path(filled(field, input.text(field)));
                path = true;
            }
            case "headers" -> input.texts(field, description::header);
            case "query_params" -> input.texts(field, description::queryParam);
            case "cookies" -> input.texts(field, description::cookie);
            case "route_params" -> input.texts(field, description::routeParam);
            case "client_ip" -> description.clientIp(optional(field));
            case "user_agent" -> description.userAgent(optional(field));
            default -> input.skip();
        }
    }

    private Question flat(long nowMillis) throws IOException {
        boolean[] address = new boolean[1];
        description.observedAtMillis(nowMillis);
        input.forget();
        input.members(name -> {
            switch (name) {
                case "ip" -> {
                    description.clientIp(input.text(name));
                    address[0] = true;
                }
                case "user_agent" -> description.userAgent(optional(name));
                case "path" -> {
                    description.path(filled(name, input.text(name)));
                    path = true;
                }
                case "method" -> {
                    description.method(filled(name, input.text(name)));
                    method = true;
                }
                default -> input.skip();
            }
        });
        require(address[0], "ip", "an IP address");
        require(path, "path", "a path such as /basket");
        require(method, "method", "a method such as GET");
        return new Question(description, null, null, input.fingerprint());
    }

    private @Nullable String optional(String field) throws IOException {
        return input.isNull() ? null : input.text(field);
    }

    private @Nullable String key() throws IOException {
        if (input.isNull()) {
            return null;
        }
        String key = filled("idempotency_key", input.unnoted("idempotency_key"));
        if (key.length() > LONGEST_KEY) {
            throw BadInput.field(
                    "idempotency_key", "idempotency_key: too long (expected: " + LONGEST_KEY + " characters)");
        }
        return key;
    }

    private static String filled(String field, String text) {
        if (text.isBlank()) {
            throw BadInput.field(field, field + ": empty (expected: a text)");
        }
        return text;
    }

    private static void require(boolean there, String field, String expected) {
        if (!there) {
            throw BadInput.field(field, field + ": missing (expected: " + expected + ")");
        }
    }

    private static long moment(String text) {
        try {
            OffsetDateTime moment = OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME);
            int year = moment.withOffsetSameInstant(ZoneOffset.UTC).getYear();
            if (year >= 2000 && year < 10_000) {
                return moment.toInstant().toEpochMilli();
            }
        } catch (DateTimeException notAMoment) {
            // Refused below like a moment that cannot be meant, or one that is beyond all calendars in UTC.
        }
        throw BadInput.field(
                "observed_at", "observed_at: not a moment (expected: RFC 3339 such as 2026-05-04T08:15:30.120Z)");
    }

    /**
     * One of several events.
     *
     * @param event what it tells, or null if it is refused
     * @param refusal why, or null
     */
    record Told(@Nullable Question event, @Nullable ApiError refusal) {}

    /** More events than one request may hold; ends the reading, unlike what is wrong with one of them. */
    static final class TooMany extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int most;

        TooMany(int most) {
            super("too many events", null, false, false);
            this.most = most;
        }

        ApiError error() {
            return new ApiError(400, "invalid_request", "events: more than " + most + " (expected: fewer)", "events");
        }
    }
}
