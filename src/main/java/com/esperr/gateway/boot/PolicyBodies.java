package com.esperr.gateway.boot;

import com.esperr.gateway.esper.BodyExtractors;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContext;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Looks into bodies for what the policies in force ask for, and into none if they ask for nothing; follows when other
 * policies come into force. Thread-safe.
 */
final class PolicyBodies implements BodyReader {
    private final Supplier<PolicySet> policies;
    private final PolicyConfig.Bodies config;
    private volatile Current current;

    PolicyBodies(Supplier<PolicySet> policies, PolicyConfig.Bodies config) {
        this.policies = policies;
        this.config = config;
        this.current = made(policies.get());
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
        PolicySet now = policies.get();
        if (known.set() != now) {
            known = made(now);
            current = known;
        }
        return known.reader();
    }

    private Current made(PolicySet set) {
        return new Current(set, BodyExtractors.of(set.bodyFields(), config.prefix(), config.held(), config.timeout()));
    }

    private record Current(PolicySet set, BodyReader reader) {}
}
