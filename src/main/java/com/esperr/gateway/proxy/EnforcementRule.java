package com.esperr.gateway.proxy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.http.ClientForm;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.VirtualHost;

/**
 * Whether what is decided about a request is carried out on it. Immutable.
 *
 * @param monitor whether nothing is
 */
public record EnforcementRule(boolean monitor) {
    /** Whether {@code decision} is carried out on {@code request}. */
    public boolean enforces(Decision decision, RequestContext request) {
        // A preflight carries no cookies, so it could never show that its challenge was passed.
        return decision instanceof Decision.Reply
                || (!monitor
                        && request.site().enforcement() == VirtualHost.Enforcement.FULL
                        && !(decision.action() == Action.CHALLENGE
                                && ClientForm.of(request.method(), request.fields()) == ClientForm.PREFLIGHT));
    }
}
