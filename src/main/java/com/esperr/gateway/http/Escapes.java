package com.esperr.gateway.http;

import java.nio.charset.StandardCharsets;

/** Text put into a page, a JSON string or a Location, so that it cannot become anything else there. Stateless. */
public final class Escapes {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Escapes() {}

    /** For element content and for attribute values in either kind of quotes. */
    public static String html(String text) {
        return isName(text) ? text : escapedHtml(text);
    }

    /** Whether {@code text} has nothing that could mean something anywhere: most hosts and all references of ours are so. */
    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            if (!letter && !(c >= '-' && c <= '9') && c != '_') {
                return false;
            }
        }
        return true;
    }

    private static String escapedHtml(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c < 0x20 ? ' ' : c);
            }
        }
        return out.toString();
    }

    /** For the inside of a JSON string; also safe inside a script element, should somebody put it there. */
    public static String json(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= 0x20 && c < 0x7f && "\"\\<>".indexOf(c) < 0;
            if (plain) {
                out.append(c);
            } else {
                out.append("\\u")
                        .append(HEX[c >> 12])
                        .append(HEX[c >> 8 & 0xf])
                        .append(HEX[c >> 4 & 0xf])
                        .append(HEX[c & 0xf]);
            }
        }
        return out.toString();
    }

    /** A URL with everything percent-encoded that RFC 3986 does not allow in one; triplets stay. */
    public static String url(String text) {
        return isName(text) ? text : escapedUrl(text);
    }

    private static String escapedUrl(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && "\"<>\\^`{|}".indexOf(b) < 0) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX[b >> 4 & 0xf]).append(HEX[b & 0xf]);
            }
        }
        return out.toString();
    }
}
