package com.esperr.gateway.rollout;

import com.esperr.gateway.state.Codec;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.KeyHash;
import com.esperr.gateway.state.StateKey;
import java.util.Locale;

/**
 * How far a rollout has come. Immutable; what gateways tell each other.
 *
 * @param began when it began, epoch milliseconds; one that began later counts instead; 0 if it began without knowing what others do
 * @param phase what has become of it
 * @param stage the number of its stage
 * @param since since when it is in that, epoch milliseconds
 * @param reason why it is where it is, for people
 */
public record Progress(long began, Phase phase, int stage, long since, String reason) {
    /** The same as a text. */
    public static final Codec<Progress> CODEC = new Codec<>() {
        @Override
        public String write(Progress value) {
            return value.began + " " + value.phase.name() + ' ' + value.stage + ' ' + value.since + ' ' + value.reason;
        }

        @Override
        public Progress read(String text) {
            String[] parts = text.split(" ", 5);
            if (parts.length < 5) {
                throw new IllegalArgumentException(text);
            }
            return new Progress(
                    Long.parseLong(parts[0]),
                    Phase.valueOf(parts[1]),
                    Integer.parseInt(parts[2]),
                    Long.parseLong(parts[3]),
                    parts[4]);
        }
    };

    // Not a secret: it only shortens names.
    private static final HashSeed NAMES = new HashSeed(0, 0);

    /** What has become of a rollout; of two gateways that differ, the later of these is right. */
    public enum Phase {
        /** It is in one of its stages. */
        RUNNING,
        /** The new policies are in force. */
        PROMOTED,
        /** An operator has ended it; the policies before are in force. */
        ABORTED,
        /** They have crossed a bound; the policies before are in force. */
        ROLLED_BACK;

        /** The word for it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether the policies before are in force again. */
        boolean isBack() {
            return this == ABORTED || this == ROLLED_BACK;
        }
    }

    /** Under which it is known how far policies have come in place of others of that set. */
    static StateKey key(String set, String before, String after) {
        return new KeyHash(NAMES).add(set).add(before).add(after).key();
    }

    /** Whether this is to be believed instead of {@code other}. */
    boolean outdoes(Progress other) {
        if (began != other.began) {
            return began > other.began;
        }
        int later = phase.compareTo(other.phase);
        return later > 0 || (later == 0 && stage > other.stage);
    }

    Progress to(Phase next, int number, long now, String why) {
        return new Progress(began, next, number, now, why);
    }
}
