package com.esperr.gateway.admin;

import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.telemetry.Audit;
import com.esperr.gateway.telemetry.LogLevels;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /loggers}: how much is logged, by logger. POST changes a level and DELETE takes that back; what is changed is recorded
 * first. Immutable.
 */
public final class LoggersEndpoint implements ChangingEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(LoggersEndpoint.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final LogLevels levels;
    private final Audit audit;

    /** Shows and changes {@code levels}; what is changed is recorded in {@code audit}. */
    public LoggersEndpoint(LogLevels levels, Audit audit) {
        this.levels = levels;
        this.audit = audit;
    }

    @Override
    public String path() {
        return "/loggers";
    }

    @Override
    public String about() {
        return "how much is logged; POST changes it, DELETE takes that back";
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        return shown();
    }

    @Override
    public AdminReply change(AdminChange change) {
        try {
            QueryParameters query = QueryParameters.parse(change.query());
            String name = LogLevels.logger(required(query.last("name"), "name=LOGGER"));
            return change.remove() ? takeBack(name, change.by()) : set(name, query.last("level"), change.by());
        } catch (IllegalArgumentException wrong) {
            return AdminReply.text(422, String.valueOf(wrong.getMessage()));
        } catch (IOException refused) {
            LOG.warn("log.audit cannot be written; no level was changed", refused);
            return AdminReply.text(503, "not done, because it cannot be recorded (expected: log.audit can be written)");
        }
    }

    private AdminReply set(String name, @Nullable String wanted, String by) throws IOException {
        String level = required(wanted, "level=error, warn, info, debug, trace or off");
        levels.check(name, level);
        audit.record("log-level-changed", by, Map.of("logger", name, "level", level));
        levels.change(name, level, by);
        LOG.info("log: level of {} is {} now, by {}", name, level, by);
        return shown();
    }

    private AdminReply takeBack(String name, String by) throws IOException {
        if (!levels.changed(name)) {
            return AdminReply.text(404, "name: not changed by hand (expected: one that the list shows with \"by\")");
        }
        audit.record("log-level-taken-back", by, Map.of("logger", name));
        var unused = levels.takeBack(name);
        LOG.info("log: level of {} is as configured again, by {}", name, by);
        return shown();
    }

    private AdminReply shown() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("level", levels.usual().name().toLowerCase(Locale.ROOT));
            json.writeArrayFieldStart("loggers");
            for (LogLevels.Shown logger : levels.list()) {
                write(json, logger);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return AdminReply.json(200, text + "\n");
    }

    private static void write(JsonGenerator json, LogLevels.Shown logger) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", logger.name());
        json.writeStringField("level", logger.level());
        if (logger.by() != null) {
            json.writeStringField("by", logger.by());
        }
        if (logger.since() != null) {
            json.writeStringField("since", logger.since().toString());
        }
        json.writeEndObject();
    }

    private static String required(@Nullable String value, String expected) {
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("missing (expected: " + expected + ")");
        }
        return value;
    }
}
