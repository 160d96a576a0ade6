package com.esperr.gateway.page;

import java.util.regex.Pattern;

/**
 * The colour of buttons and marks, and what can be read on it. Immutable.
 *
 * @param hex {@code #} and six hexadecimal digits, so that nothing else ever gets into a style sheet
 */
record Accent(String hex) {
    private static final Pattern HEX = Pattern.compile("#[0-9a-fA-F]{6}");
    private static final double LIGHT_ENOUGH = 0.18;

    /**
     * Reads a colour.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Accent parse(String text) {
        if (!HEX.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return new Accent(text);
    }

    /** The colour of text on it: the one of two that differs more (WCAG 2.2, relative luminance). */
    String text() {
        double luminance = 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
        return luminance > LIGHT_ENOUGH ? "#0b0f16" : "#ffffff";
    }

    private double linear(int at) {
        double part = Integer.parseInt(hex.substring(at, at + 2), 16) / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
    }
}
