package com.esperr.gateway.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/** The description of the API. Immutable. */
final class OpenApiOperation implements Operation {
    static final String RESOURCE = "openapi.json";

    private final ApiReply description;

    OpenApiOperation() {
        try (InputStream in = OpenApiOperation.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + ": missing (expected: beside its class)");
            }
            this.description = ApiReply.json(200, in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String path() {
        return "/openapi.json";
    }

    @Override
    public Set<String> methods() {
        return Set.of("GET", "HEAD");
    }

    @Override
    public boolean keyed() {
        return false;
    }

    @Override
    public void answer(ApiCall call) {
        call.reply(description);
    }
}
