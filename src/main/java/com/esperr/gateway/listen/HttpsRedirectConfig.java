package com.esperr.gateway.listen;

import com.esperr.gateway.config.Section;
import java.util.List;

/**
 * Section {@code redirect-to-https} of a listener. Immutable.
 *
 * @param enabled whether visitors who speak no TLS are sent to where it is spoken
 * @param status of the answer
 * @param port where TLS is spoken
 */
public record HttpsRedirectConfig(boolean enabled, int status, int port) {
    static final HttpsRedirectConfig OFF = new HttpsRedirectConfig(false, 308, 443);

    private static final List<String> STATUSES = List.of("308", "307", "302", "301");

    static HttpsRedirectConfig read(Section section) {
        return new HttpsRedirectConfig(
                section.flag("enabled"),
                section.parsed(
                        "status", "one of " + String.join(", ", STATUSES), OFF.status, HttpsRedirectConfig::status),
                section.integer("port", 1, 65_535));
    }

    private static int status(String text) {
        if (!STATUSES.contains(text)) {
            throw new IllegalArgumentException(text);
        }
        return Integer.parseInt(text);
    }
}
