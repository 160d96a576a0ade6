package com.esperr.gateway.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query string, for deciding only: the query that is forwarded stays the bytes that came. Parameters stand between
 * {@code &}, {@code +} is a space, percent-triplets are UTF-8, and a malformed triplet is taken literally. Names and values are decoded
 * when they are asked for. Immutable.
 *
 * <p>At most {@value #MAX_PARAMETERS} parameters are kept; {@link #truncated} tells when there were more.
 */
public final class QueryParameters {

    static final int MAX_PARAMETERS = 1_000;

    private static final QueryParameters EMPTY = new QueryParameters("", new int[0], 0, /* truncated= */ false);

    // Three numbers a parameter: start, end of the name, end. The name's end is the end if there is no "=".
    private static final int STRIDE = 3;

    private final String raw;
    private final int[] index;
    private final int size;
    private final boolean truncated;

    private QueryParameters(String raw, int[] index, int size, boolean truncated) {
        this.raw = raw;
        this.index = index;
        this.size = size;
        this.truncated = truncated;
    }

    /** The parameters of a query string without its question mark; null has none. */
    public static QueryParameters parse(@Nullable String rawQuery) {
        return parse(rawQuery, MAX_PARAMETERS);
    }

    /** The first {@code limit} parameters of a query string. */
    static QueryParameters parse(@Nullable String rawQuery, int limit) {
        if (rawQuery == null || rawQuery.isEmpty()) {
            return EMPTY;
        }
        int[] index = new int[STRIDE * 8];
        int size = 0;
        int start = 0;
        while (start < rawQuery.length()) {
            int end = endOf(rawQuery, start);
            if (end > start) {
                if (size == limit) {
                    return new QueryParameters(rawQuery, index, size, /* truncated= */ true);
                }
                int at = size * STRIDE;
                if (at == index.length) {
                    index = Arrays.copyOf(index, index.length * 2);
                }
                index[at] = start;
                index[at + 1] = nameEnd(rawQuery, start, end);
                index[at + 2] = end;
                size++;
            }
            start = end + 1;
        }
        return new QueryParameters(rawQuery, index, size, /* truncated= */ false);
    }

    /**
     * The query string without every parameter that is called {@code name} in any encoding, the others byte for byte and in order. The
     * same instance if there is none of that name, null if nothing remains.
     */
    public static @Nullable String without(@Nullable String rawQuery, String name) {
        if (rawQuery == null) {
            return null;
        }
        StringBuilder kept = null;
        boolean first = true;
        for (int start = 0; start <= rawQuery.length(); ) {
            int end = endOf(rawQuery, start);
            boolean removed = end > start && isCalled(rawQuery, start, nameEnd(rawQuery, start, end), name);
            if (removed && kept == null) {
                kept = new StringBuilder(rawQuery.length()).append(rawQuery, 0, Math.max(0, start - 1));
            } else if (!removed && kept != null) {
                kept.append(first ? "" : "&").append(rawQuery, start, end);
            }
            first &= removed;
            start = end + 1;
        }
        if (kept == null) {
            return rawQuery;
        }
        return first ? null : kept.toString();
    }

    public int size() {
        return size;
    }

    /** Whether parameters beyond the bound were left out. */
    public boolean truncated() {
        return truncated;
    }

    /** The decoded name of parameter {@code i}. */
    public String name(int i) {
        return QueryText.decoded(raw, index[i * STRIDE], index[i * STRIDE + 1]);
    }

    /** The decoded value of parameter {@code i}; empty if it has none. */
    public String value(int i) {
        int end = index[i * STRIDE + 2];
        return QueryText.decoded(raw, Math.min(index[i * STRIDE + 1] + 1, end), end);
    }

    /** The first value of {@code name}, or null. */
    public @Nullable String first(String name) {
        for (int i = 0; i < size; i++) {
            if (isCalled(i, name)) {
                return value(i);
            }
        }
        return null;
    }

    /** The last value of {@code name}, or null. */
    public @Nullable String last(String name) {
        for (int i = size - 1; i >= 0; i--) {
            if (isCalled(i, name)) {
                return value(i);
            }
        }
        return null;
    }

    /** Every value of {@code name}, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int i = 0; i < size; i++) {
            if (isCalled(i, name)) {
                values.add(value(i));
            }
        }
        return values;
    }

    private boolean isCalled(int i, String name) {
        return isCalled(raw, index[i * STRIDE], index[i * STRIDE + 1], name);
    }

    private static boolean isCalled(String raw, int start, int nameEnd, String name) {
        return QueryText.isPlain(raw, start, nameEnd)
                ? nameEnd - start == name.length() && raw.startsWith(name, start)
                : QueryText.decoded(raw, start, nameEnd).equals(name);
    }

    private static int endOf(String raw, int start) {
        int end = raw.indexOf('&', start);
        return end < 0 ? raw.length() : end;
    }

    private static int nameEnd(String raw, int start, int end) {
        for (int i = start; i < end; i++) {
            if (raw.charAt(i) == '=') {
                return i;
            }
        }
        return end;
    }
}
