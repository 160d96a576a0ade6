package com.esperr.gateway.hosting;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What an application may include so that its scripts meet no challenges: {@code retry.js}, and the page at which a challenge ends
 * that was taken in a frame. Immutable.
 */
final class RetryScript {
    private static final String SCRIPT = "retry.js";
    private static final String DONE = "done";

    private final LocalReply script;
    private final LocalReply done;

    private RetryScript(byte[] source) {
        this.script = reply("text/javascript; charset=utf-8", "max-age=3600", source);
        this.done = reply(
                "text/html; charset=utf-8",
                "no-store",
                "<!doctype html><title>.</title>".getBytes(StandardCharsets.US_ASCII));
    }

    static RetryScript load() {
        try (InputStream in = RetryScript.class.getResourceAsStream(SCRIPT)) {
            if (in == null) {
                throw new IllegalStateException(SCRIPT + ": missing (expected: beside its class)");
            }
            return new RetryScript(in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What is answered to a GET for {@code name} under the path that is ours, or null if it is nothing of this. */
    @Nullable
    LocalReply answer(String name) {
        return switch (name) {
            case SCRIPT -> script;
            case DONE -> done;
            default -> null;
        };
    }

    private static LocalReply reply(String type, String caching, byte[] body) {
        Fields fields = Fields.builder(6)
                .add("Content-Type", type)
                .add("Content-Length", Integer.toString(body.length))
                .add("Cache-Control", caching)
                .add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'")
                .add("X-Content-Type-Options", "nosniff")
                .build();
        return new LocalReply(200, fields, body);
    }
}
