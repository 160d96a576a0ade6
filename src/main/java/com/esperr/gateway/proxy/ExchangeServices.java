package com.esperr.gateway.proxy;

import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.upstream.Upstreams;

/**
 * What every exchange works with. Immutable.
 *
 * @param clock the time
 * @param contexts makes a context of a head
 * @param bodies looks into bodies before the decision
 * @param admission gives the decision
 * @param decisionNanos how long a visitor waits for it
 * @param overload makes room at an origin that has too much to do
 * @param enforcer turns decisions and failures into replies
 * @param upstreams the origins
 * @param requests writes the head the origin sees
 * @param responses writes the head the visitor sees
 * @param pause holds requests on their way to them
 * @param upgrades which requests may change the protocol
 * @param limits what a client may cost
 * @param connections counts what is open
 * @param entrance what is particular to the listener
 * @param listener told when it is over
 */
record ExchangeServices(
        Clock clock,
        RequestContexts contexts,
        HeldBodies bodies,
        Admission admission,
        long decisionNanos,
        Overload overload,
        Enforcer enforcer,
        Upstreams upstreams,
        RequestForwarding requests,
        ResponseForwarding responses,
        Pause pause,
        Upgrades upgrades,
        LimitsConfig limits,
        Connections connections,
        EntranceRules entrance,
        ExchangeListener listener) {
    /** The same, for the visitors of another listener. */
    ExchangeServices at(EntranceRules other) {
        return new ExchangeServices(
                clock,
                contexts,
                bodies,
                admission,
                decisionNanos,
                overload,
                enforcer,
                upstreams,
                requests,
                responses,
                pause,
                upgrades,
                limits,
                connections,
                other,
                listener);
    }
}
