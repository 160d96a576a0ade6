package com.esperr.gateway.request;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which crawler or other program a request comes from or says it comes from, and what that is worth. Immutable.
 *
 * @param name its name, or null if the request neither is a known bot's nor says so
 * @param status whether it is who it says
 * @param method how that is known, or null unless it is verified
 * @param spared whether it is never sent to a challenge
 */
public record BotFacts(
        @Nullable String name, Status status, @Nullable Method method, boolean spared) {
    /** No bot, as far as anybody can tell. */
    public static final BotFacts NONE = new BotFacts(null, Status.UNVERIFIED, null, false);

    /** What a claim is worth. */
    public enum Status {
        /** It is who it says. */
        VERIFIED,
        /** That is being found out, for the requests that come later. */
        PENDING,
        /** Nobody can tell. */
        UNVERIFIED,
        /** It is not. */
        IMPOSTOR;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word in log and metrics. */
        public String label() {
            return label;
        }
    }

    /** What proves who a bot is. */
    public enum Method {
        /** Its address is in a range that its owner publishes. */
        RANGE,
        /** Its address has a name of its owner, and the name has the address. */
        DNS,
        /** Its owner's key has signed the request. */
        SIGNATURE;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word in policies, log and metrics. */
        public String label() {
            return label;
        }
    }

    /** Whether there is a bot, or somebody who says so. */
    public boolean known() {
        return name != null;
    }

    /** Field {@code bot_verified}. */
    @Nullable
    String verified() {
        return name == null ? null : Boolean.toString(status == Status.VERIFIED);
    }

    /** Field {@code bot_impostor}. */
    @Nullable
    String impostor() {
        return name == null ? null : Boolean.toString(status == Status.IMPOSTOR);
    }

    /** Field {@code bot_method}. */
    @Nullable
    String methodLabel() {
        return method == null ? null : method.label();
    }
}
