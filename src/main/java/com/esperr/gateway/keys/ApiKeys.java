package com.esperr.gateway.keys;

import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that count at one moment. Immutable and thread-safe. */
public final class ApiKeys {
    /** No keys: nobody is let in. */
    public static final ApiKeys NONE = new ApiKeys(List.of());

    private static final int LONGEST = 256;
    private static final byte[] NOBODY = new byte[32];

    private final Map<String, Known> known = new HashMap<>();

    /** Those of {@code entries} that are not revoked. */
    public ApiKeys(List<KeyEntry> entries) {
        for (KeyEntry entry : entries) {
            if (entry.revoked() == null) {
                known.put(entry.id(), new Known(entry, HexFormat.of().parseHex(entry.sha256())));
            }
        }
    }

    /**
     * Whose key {@code presented} is, or null. The id only finds the entry; the whole key is hashed and compared in a time
     * that says nothing about it.
     */
    public @Nullable KeyEntry find(String presented) {
        if (presented.length() > LONGEST) {
            return null;
        }
        Known entry = known.get(id(presented));
        byte[] expected = entry == null ? NOBODY : entry.hash;
        boolean same = MessageDigest.isEqual(expected, NewKey.hash(presented));
        return same && entry != null ? entry.entry : null;
    }

    /** What is kept of the key called {@code id}, or null if it does not count. */
    @Nullable
    KeyEntry entry(String id) {
        Known entry = known.get(id);
        return entry == null ? null : entry.entry;
    }

    /** What is kept of each, in no order. */
    List<KeyEntry> entries() {
        return known.values().stream().map(entry -> entry.entry).toList();
    }

    /** Whether {@code key} counts still, and is the same key of the same tenant. */
    public boolean holds(KeyEntry key) {
        KeyEntry now = entry(key.id());
        return now != null
                && now.sha256().equals(key.sha256())
                && now.tenantId().equals(key.tenantId());
    }

    /** Whether the key called {@code id} counts still. */
    public boolean holds(String id) {
        return known.containsKey(id);
    }

    /** How many there are. */
    public int size() {
        return known.size();
    }

    private static String id(String presented) {
        int from = NewKey.PREFIX.length();
        int to = from + NewKey.ID_LENGTH;
        boolean formed = presented.startsWith(NewKey.PREFIX) && presented.length() > to && presented.charAt(to) == '_';
        return formed ? presented.substring(from, to) : "";
    }

    private static final class Known {
        private final KeyEntry entry;
        private final byte[] hash;

        Known(KeyEntry entry, byte[] hash) {
            this.entry = entry;
            this.hash = hash;
        }
    }
}
