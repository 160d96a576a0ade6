package com.esperr.gateway.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** {@code /config}: which configuration is in force, and what came of reading it last; with {@code keys} every key. Immutable. */
public final class ConfigEndpoint implements Endpoint {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String KEYS = "keys";

    private final LiveConfig config;

    /** Shows {@code config}. */
    public ConfigEndpoint(LiveConfig config) {
        this.config = config;
    }

    @Override
    public String path() {
        return "/config";
    }

    @Override
    public String about() {
        return "which configuration is in force; ?keys for every key";
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        if (KEYS.equals(request.query())) {
            return AdminReply.of(200, "text/plain; charset=utf-8", config.keys());
        }
        LiveConfig.State state = config.state();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("hash", state.hash());
            json.writeStringField("since", state.since().toString());
            list(json, "files", state.files());
            list(json, "needs_restart", state.restart());
            json.writeFieldName("last");
            write(json, state.last());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return AdminReply.json(200, text + "\n");
    }

    /** One attempt, as an object. */
    static void write(JsonGenerator json, LiveConfig.Attempt attempt) throws IOException {
        json.writeStartObject();
        json.writeStringField("at", attempt.at().toString());
        json.writeStringField("by", attempt.by());
        json.writeStringField("result", attempt.ok() ? "ok" : "refused");
        list(json, "changed", attempt.changed());
        list(json, "needs_restart", attempt.restart());
        list(json, "problems", attempt.problems());
        list(json, "warnings", attempt.warnings());
        json.writeEndObject();
    }

    private static void list(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
