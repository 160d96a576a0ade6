package com.esperr.gateway.policy;

import com.esperr.gateway.esper.BodyExtractors;
import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContext;
import java.time.Duration;

/** Reads bodies as the gateway does. */
final class Bodies {
    private Bodies() {}

    static BodyFields read(PolicySet policies, RequestContext request, byte[] body) {
        BodyReader reader = BodyExtractors.of(policies.bodyFields(), 1 << 16, 1 << 16, Duration.ZERO);
        return reader.interest(request) == BodyReader.Interest.READ
                ? reader.read(request, body, false)
                : BodyFields.NONE;
    }
}
