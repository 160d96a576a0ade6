package com.esperr.gateway.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** {@code /reload}: POST reads the configuration again; GET says what came of that last. Immutable. */
public final class ReloadEndpoint implements ChangingEndpoint {
    private static final JsonFactory JSON = new JsonFactory();

    private final LiveConfig config;

    /** Has {@code config} read. */
    public ReloadEndpoint(LiveConfig config) {
        this.config = config;
    }

    @Override
    public String path() {
        return "/reload";
    }

    @Override
    public String about() {
        return "POST reads the configuration again";
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        return reply(200, config.state().last());
    }

    @Override
    public AdminReply change(AdminChange change) {
        if (change.remove()) {
            return AdminReply.text(405, "method: not allowed (expected: GET, HEAD, POST)");
        }
        LiveConfig.Attempt attempt = config.reload(change.by());
        return reply(attempt.ok() ? 200 : 422, attempt);
    }

    @Override
    public boolean isSlow() {
        return true;
    }

    private static AdminReply reply(int status, LiveConfig.Attempt attempt) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            ConfigEndpoint.write(json, attempt);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return AdminReply.json(status, text + "\n");
    }
}
