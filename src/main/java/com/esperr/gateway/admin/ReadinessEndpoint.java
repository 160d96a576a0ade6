package com.esperr.gateway.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /readyz}: 200 when every check is in order, else 503; both list all checks. Thread-safe. */
public final class ReadinessEndpoint implements Endpoint {
    private static final JsonFactory JSON = new JsonFactory();

    private final Supplier<List<ReadinessCheck>> checks;

    /** Asks {@code checks}, as they are then and in order, at every request. */
    public ReadinessEndpoint(Supplier<List<ReadinessCheck>> checks) {
        this.checks = checks;
    }

    @Override
    public String path() {
        return "/readyz";
    }

    @Override
    public String about() {
        return "whether visitors should come, and what stands against it";
    }

    @Override
    public boolean open() {
        return true;
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        StringWriter text = new StringWriter();
        boolean ready = true;
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("checks");
            for (ReadinessCheck check : checks.get()) {
                String trouble = check.ask();
                ready &= trouble == null;
                write(json, check.name(), trouble);
            }
            json.writeEndArray();
            json.writeBooleanField("ready", ready);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return AdminReply.json(ready ? 200 : 503, text + "\n");
    }

    private static void write(JsonGenerator json, String name, @Nullable String trouble) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeBooleanField("ok", trouble == null);
        if (trouble != null) {
            json.writeStringField("trouble", trouble);
        }
        json.writeEndObject();
    }
}
