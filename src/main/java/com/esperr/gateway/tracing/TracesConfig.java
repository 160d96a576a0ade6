package com.esperr.gateway.tracing;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.request.Traces;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code traces}. Immutable.
 *
 * @param endpoint where spans are sent, or null: the gateway takes part in no traces
 * @param serviceName what the gateway is called there
 * @param follow whether a request's own traceparent counts
 * @param sample which share of the traces that begin here is recorded
 * @param query whether the query of the URL is told
 * @param queue requests whose spans may wait
 * @param timeout how long sending may take
 */
public record TracesConfig(
        @Nullable URI endpoint,
        String serviceName,
        boolean follow,
        double sample,
        boolean query,
        int queue,
        Duration timeout) {
    private static final int FEWEST = 64;
    private static final int MOST = 1 << 20;

    /** Reads the section. */
    public static TracesConfig read(Section section) {
        return new TracesConfig(
                section.parsedOrNull(
                        "endpoint", "an http(s) URL such as http://127.0.0.1:4318/v1/traces", TracesConfig::endpoint),
                section.required("service-name", "a name"),
                section.flag("follow"),
                section.fraction("sample", 0, 1),
                section.flag("query"),
                section.integer("queue", FEWEST, MOST),
                section.duration("timeout", Duration.ofMillis(100), Duration.ofMinutes(1)));
    }

    /** What begins our part of the traces of requests, or null if the gateway takes part in none. */
    public @Nullable Traces traces() {
        return endpoint == null ? null : new Traces(follow, sample);
    }

    private static URI endpoint(String text) {
        URI uri = URI.create(text);
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("not an http(s) URL");
        }
        return uri;
    }
}
