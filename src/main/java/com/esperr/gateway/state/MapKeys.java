package com.esperr.gateway.state;

/**
 * Where a replicated map is in Redis, and how large it may get. Immutable. All keys have one hash tag, so that a proxy in
 * front of several Redises leads them to the same one.
 *
 * @param name the map's name, for messages
 * @param records a hash: {@code change writtenAt expiresAt sign value} by key
 * @param expiries a sorted set: when a record may be forgotten, by key
 * @param changes a stream of all changes
 * @param about a hash: the map's life and the number of changes
 * @param maxRecords records that Redis keeps
 * @param maxChanges changes that Redis keeps, roughly
 */
record MapKeys(
        String name, String records, String expiries, String changes, String about, long maxRecords, int maxChanges) {
    private static final int MAX_CHANGES = 10_000;

    static MapKeys of(String prefix, String name, long maxRecords) {
        String base = prefix + ":{" + name + "}:";
        return new MapKeys(
                name, base + "records", base + "expiries", base + "changes", base + "about", maxRecords, MAX_CHANGES);
    }

    String[] forWriting() {
        return new String[] {records, expiries, changes, about};
    }

    String[] forJoining() {
        return new String[] {changes, about};
    }

    String[] forPruning() {
        return new String[] {records, expiries};
    }
}
