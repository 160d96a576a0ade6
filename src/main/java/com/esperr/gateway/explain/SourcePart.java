package com.esperr.gateway.explain;

import com.esperr.gateway.cloud.CloudSource;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.hybrid.FeedState;
import com.esperr.gateway.hybrid.HybridSource;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** In what state those were who are asked for decisions, as a part of an explanation. Stateless. */
final class SourcePart {
    private static final double TENTHS = 10.0;

    private SourcePart() {}

    static void write(JsonGenerator json, HybridSource hybrid, @Nullable Cause cause) throws IOException {
        json.writeObjectFieldStart("hybrid");
        if (cause != null) {
            json.writeStringField("lookup", cause.source().equals(hybrid.name()) ? "hit" : "miss");
        }
        json.writeNumberField("entries", hybrid.size());
        json.writeArrayFieldStart("feeds");
        for (FeedState feed : hybrid.feeds()) {
            json.writeStartObject();
            json.writeStringField("feed", feed.name());
            json.writeBooleanField("connected", feed.connected());
            json.writeNumberField("age_seconds", Math.round(feed.ageSeconds() * TENTHS) / TENTHS);
            json.writeNumberField("entries", feed.entries());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(JsonGenerator json, CloudSource cloud) throws IOException {
        json.writeObjectFieldStart("cloud");
        json.writeStringField("breaker", cloud.breakerState().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("cached", cloud.cacheSize());
        json.writeNumberField("waiting", cloud.callsInFlight());
        json.writeEndObject();
    }
}
