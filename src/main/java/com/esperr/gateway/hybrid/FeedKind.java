package com.esperr.gateway.hybrid;

import java.util.Locale;

/** Where mitigations may come from. */
public enum FeedKind {
    /** Esper's own answers. */
    LEARNED,
    /** A server that tells of every mitigation. */
    PUSHED,
    /** What other gateways that share a store have learned. */
    SHARED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in the configuration, and the label of the feed. */
    public String label() {
        return label;
    }

    static FeedKind parse(String text) {
        for (FeedKind kind : values()) {
            if (kind.label.equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(text);
    }
}
