package com.esperr.gateway.upstream;

import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.RequestContext;
import java.util.Locale;

/** Whose requests come first when an origin cannot take all. */
public enum Rank {
    /** Of visitors with a pass, and of bots that are who they say. */
    VERIFIED,
    /** Of all others. */
    UNVERIFIED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** That of {@code request}, about which has been decided. */
    public static Rank of(RequestContext request) {
        return request.passLevel() > 0 || request.bot().status() == BotFacts.Status.VERIFIED ? VERIFIED : UNVERIFIED;
    }

    /** The word in metrics. */
    public String label() {
        return label;
    }
}
