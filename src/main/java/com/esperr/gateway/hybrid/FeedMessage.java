package com.esperr.gateway.hybrid;

import com.esperr.gateway.state.StateKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One line of a feed. Immutable. */
sealed interface FeedMessage {
    /**
     * The first line.
     *
     * @param whole whether everything follows, or only what has changed
     * @param entities by whom visitors are told apart
     * @param heartbeat how often the server shows life, or null if it does not say
     */
    record Head(
            boolean whole, ToldEntities entities, @Nullable Duration heartbeat) implements FeedMessage {}

    /** Something is to be done with somebody; {@code cursor} is behind this change. */
    record Put(@Nullable String cursor, String entity, StateKey key, Mitigation mitigation) implements FeedMessage {}

    /** Nothing is to be done with somebody any more. */
    record Remove(@Nullable String cursor, StateKey key) implements FeedMessage {}

    /** All that there was has been told. */
    record Ready(String cursor) implements FeedMessage {}

    /** A sign of life, or a line that only newer gateways understand. */
    record Other(@Nullable String cursor) implements FeedMessage {}
}
