package com.esperr.gateway.rollout;

/**
 * So many of so many. Immutable.
 *
 * @param count how many
 * @param of of how many
 */
record Ratio(long count, long of) {
    /** The share; 0 of nothing. */
    double share() {
        return of == 0 ? 0 : (double) count / of;
    }

    @Override
    public String toString() {
        return count + " of " + of + ", " + Share.text(share());
    }
}
