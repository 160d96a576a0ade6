package com.esperr.gateway.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What operators show to be let in to the operator port. Immutable; never printed. */
public final class OperatorToken {
    static final String EXPECTED =
            "20 to 200 letters, digits or signs without blanks, such as openssl rand -hex 20 makes";

    private static final String FORM = "[\\x21-\\x7e]{20,200}";

    private final String text;

    private OperatorToken(String text) {
        this.text = text;
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it could be guessed, or not stand in a header
     */
    static OperatorToken parse(String text) {
        if (!text.matches(FORM)) {
            throw new IllegalArgumentException("token: of another form (expected: " + EXPECTED + ")");
        }
        return new OperatorToken(text);
    }

    /** Whether {@code shown} is it; how long that takes says nothing about where they differ. */
    boolean is(String shown) {
        return MessageDigest.isEqual(digest(text), digest(shown));
    }

    /** The token itself, for a command that asks the port. */
    public String text() {
        return text;
    }

    static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
