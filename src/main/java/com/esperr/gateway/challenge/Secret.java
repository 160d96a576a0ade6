package com.esperr.gateway.challenge;

import java.util.Arrays;

/** A configured secret: equal to the same one read again, and shown by no text. Immutable. */
final class Secret {
    private final byte[] bytes;

    /** Of {@code bytes}, which nobody changes. */
    Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && Arrays.equals(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "***";
    }
}
