package com.esperr.gateway.http;

/** Quality values (RFC 9110 section 12.4.2). Stateless. */
public final class Weight {
    /** What a range weighs that says nothing. */
    public static final int FULL = 1_000;

    private Weight() {}

    /** {@code 0}, {@code 0.123}, {@code 1}, {@code 1.000} in thousandths; -1 for anything else. */
    public static int parse(String text) {
        boolean leading = text.startsWith("0") || text.startsWith("1");
        if (!leading || text.length() > 5 || (text.length() > 1 && text.charAt(1) != '.')) {
            return -1;
        }
        int weight = (text.charAt(0) - '0') * FULL;
        int unit = 100;
        for (int i = 2; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            weight += (c - '0') * unit;
            unit /= 10;
        }
        return weight > FULL ? -1 : weight;
    }
}
