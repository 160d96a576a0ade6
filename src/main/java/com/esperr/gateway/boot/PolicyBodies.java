package com.esperr.gateway.boot;

import com.esperr.gateway.esper.BodyExtractors;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContext;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Looks into bodies for what the policies in force ask for, and into none if they ask for nothing; follows when other
 * policies come into force. Thread-safe.
 */
final class PolicyBodies implements BodyReader {
    private final Supplier<Set<String>> fields;
    private final PolicyConfig.Bodies config;
    private volatile Current current;

    PolicyBodies(Supplier<Set<String>> fields, PolicyConfig.Bodies config) {
        this.fields = fields;
        this.config = config;
        this.current = made(fields.get());
    }

    @Override
    public Interest interest(RequestContext request) {
        return reader().interest(request);
    }

    @Override
    public int limit() {
        return config.prefix();
    }

    @Override
    public long total() {
        return config.held();
    }

    @Override
    public Duration timeout() {
        return config.timeout();
    }

    @Override
    public BodyFields read(RequestContext request, byte[] beginning, boolean partial) {
        return reader().read(request, beginning, partial);
    }

    private BodyReader reader() {
        Current known = current;
        Set<String> now = fields.get();
        if (!known.fields().equals(now)) {
            known = made(now);
            current = known;
        }
        return known.reader();
    }

    private Current made(Set<String> now) {
        return new Current(now, BodyExtractors.of(now, config.prefix(), config.held(), config.timeout()));
    }

    private record Current(Set<String> fields, BodyReader reader) {}
}
