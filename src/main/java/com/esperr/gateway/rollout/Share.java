package com.esperr.gateway.rollout;

/** A part of a whole as people write it: {@code 5%} or {@code 0.05}. Stateless. */
final class Share {
    static final String EXPECTED = "a share such as 5%, from 0% to 100%";
    private static final double PERCENT = 100;

    private Share() {}

    /** @throws IllegalArgumentException if it is none */
    static double parse(String text) {
        String number = text.strip();
        boolean percent = number.endsWith("%");
        double share = percent
                ? Double.parseDouble(number.substring(0, number.length() - 1)) / PERCENT
                : Double.parseDouble(number);
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(text);
        }
        return share;
    }

    /** {@code 5 %}, {@code 0.25 %}. */
    static String text(double share) {
        long hundredths = Math.round(share * PERCENT * PERCENT);
        String cents = hundredths % 100 == 0 ? "" : String.format(java.util.Locale.ROOT, ".%02d", hundredths % 100);
        return hundredths / 100 + cents + " %";
    }
}
