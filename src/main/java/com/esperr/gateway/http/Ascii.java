package com.esperr.gateway.http;

/** Text that stands in an array of bytes. Stateless. */
final class Ascii {
    private Ascii() {}

    /** Whether {@code [start, end)} of {@code bytes} is {@code text}, ignoring ASCII case. */
    static boolean equalsIgnoreCase(byte[] bytes, int start, int end, String text) {
        if (end - start != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (lower(bytes[start + i]) != lower((byte) text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }
}
