package com.esperr.gateway.server;

import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.state.Replicated.Kept;
import com.esperr.gateway.state.StateKey;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One line of the feed: what is active for somebody from now on, or that nothing is any more. Immutable.
 *
 * @param key who is meant
 * @param kept what is active and until when, or null
 */
record FeedLine(StateKey key, @Nullable Kept<ActiveMitigation> kept) {
    /** The first line: what is to follow and how keys are made. */
    static byte[] first(String type, String cursor, FeedShape shape, long heartbeatMillis) {
        HexFormat hex = HexFormat.of();
        return line(out -> {
            out.writeStartObject();
            out.writeStringField("type", type);
            out.writeStringField("cursor", cursor);
            out.writeStringField(
                    "seed",
                    hex.toHexDigits(shape.seed().first())
                            + hex.toHexDigits(shape.seed().second()));
            out.writeNumberField("ipv6_prefix", shape.ipv6Prefix());
            out.writeNumberField("heartbeat_ms", heartbeatMillis);
            out.writeArrayFieldStart("entities");
            for (FeedShape.Entity entity : shape.entities()) {
                out.writeStartObject();
                out.writeStringField("name", entity.name());
                out.writeArrayFieldStart("key_fields");
                for (String field : entity.keyFields()) {
                    out.writeString(field);
                }
                out.writeEndArray();
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** That all which was there at the beginning has been told. */
    static byte[] ready(String cursor) {
        return plain("ready", cursor);
    }

    /** A sign of life. */
    static byte[] heartbeat(String cursor) {
        return plain("heartbeat", cursor);
    }

    /** This, as told at {@code cursor}. */
    byte[] bytes(String cursor) {
        Kept<ActiveMitigation> active = kept;
        return line(out -> {
            out.writeStartObject();
            out.writeStringField("type", active == null ? "remove" : "put");
            out.writeStringField("cursor", cursor);
            out.writeStringField("key", key.toString());
            if (active != null) {
                ActiveMitigation mitigation = active.value();
                out.writeStringField("entity", mitigation.entity());
                out.writeStringField("decision", mitigation.action().label());
                out.writeStringField(
                        "expires_at",
                        Instant.ofEpochMilli(active.expiresAtMillis()).toString());
                out.writeStringField("decision_id", mitigation.decisionId());
                Json.optional(out, "reason", mitigation.reason());
            }
            out.writeEndObject();
        });
    }

    private static byte[] plain(String type, String cursor) {
        return line(out -> {
            out.writeStartObject();
            out.writeStringField("type", type);
            out.writeStringField("cursor", cursor);
            out.writeEndObject();
        });
    }

    private static byte[] line(Json.Writer writer) {
        return Json.bytes(out -> {
            writer.write(out);
            out.writeRaw('\n');
        });
    }
}
