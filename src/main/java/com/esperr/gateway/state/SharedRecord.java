package com.esperr.gateway.state;

/**
 * What replicas know of one key, with times of Redis's clock in epoch milliseconds. Immutable.
 *
 * @param writtenAt when it was written
 * @param expiresAt when the value expires
 * @param removed whether the key has no value any more
 * @param value the value as text, empty if removed
 */
record SharedRecord(long writtenAt, long expiresAt, boolean removed, String value) {
    /** Reads {@code writtenAt expiresAt sign value}. */
    static SharedRecord parse(String text) {
        int first = text.indexOf(' ');
        int second = text.indexOf(' ', first + 1);
        return new SharedRecord(
                Long.parseLong(text.substring(0, first)),
                Long.parseLong(text.substring(first + 1, second)),
                text.charAt(second + 1) == '-',
                text.substring(second + 3));
    }

    /** The text behind {@link #writtenAt}. */
    String rest() {
        return expiresAt + (removed ? " - " : " + ") + value;
    }

    /** A record and which change made it. */
    record Placed(ChangeId id, SharedRecord record) {
        /** Reads {@code id} and what {@link SharedRecord#parse} reads. */
        static Placed parse(String text) {
            int blank = text.indexOf(' ');
            return new Placed(ChangeId.parse(text.substring(0, blank)), SharedRecord.parse(text.substring(blank + 1)));
        }
    }
}
