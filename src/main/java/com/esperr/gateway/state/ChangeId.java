package com.esperr.gateway.state;

/**
 * The place of a change in the order that Redis gave to all changes of a map. Immutable.
 *
 * @param millis Redis's time of it, epoch milliseconds
 * @param number its place among those of the same millisecond
 */
record ChangeId(long millis, long number) implements Comparable<ChangeId> {
    /** Before all changes. */
    static final ChangeId NONE = new ChangeId(0, 0);

    /** Reads what Redis writes, such as {@code 1780000000000-0}. */
    static ChangeId parse(String text) {
        int dash = text.indexOf('-');
        return new ChangeId(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
    }

    @Override
    public int compareTo(ChangeId other) {
        int first = Long.compare(millis, other.millis);
        return first == 0 ? Long.compare(number, other.number) : first;
    }

    @Override
    public String toString() {
        return millis + "-" + number;
    }
}
