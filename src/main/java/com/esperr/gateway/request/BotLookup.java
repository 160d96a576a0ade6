package com.esperr.gateway.request;

/** Says which bot a request comes from. Thread-safe; called on event loops and never blocks one. */
@FunctionalInterface
public interface BotLookup {
    /** Knows no bots. */
    BotLookup NONE = request -> BotFacts.NONE;

    /** What is known now; a claim that takes longer to verify is pending. */
    BotFacts of(RequestContext request);
}
