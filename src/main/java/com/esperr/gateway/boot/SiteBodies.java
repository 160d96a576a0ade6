package com.esperr.gateway.boot;

import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContext;
import java.time.Duration;
import java.util.IdentityHashMap;

/** Looks into bodies for what the policies of the site in question ask for, each set for itself. Thread-safe. */
final class SiteBodies implements BodyReader {
    private final SitePolicies policies;
    private final PolicyConfig.Bodies config;
    private final IdentityHashMap<PolicyEngine, PolicyBodies> readers = new IdentityHashMap<>();

    SiteBodies(SitePolicies policies, PolicyConfig.Bodies config) {
        this.policies = policies;
        this.config = config;
        policies.all()
                .forEach(engine -> readers.put(engine, new PolicyBodies(() -> policies.bodyFields(engine), config)));
    }

    @Override
    public Interest interest(RequestContext request) {
        return reader(request).interest(request);
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
        return reader(request).read(request, beginning, partial);
    }

    private BodyReader reader(RequestContext request) {
        PolicyBodies found = readers.get(policies.of(request));
        return found == null ? NONE : found;
    }
}
