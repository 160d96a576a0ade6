package com.esperr.gateway.telemetry;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The forms in which metrics are shown. Immutable. The binary form that some scrapers prefer is not among them, so asking
 * for it gets them text, which all of them read.
 */
enum ScrapeFormat {
    /** The classic text format. */
    TEXT("text/plain", "text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics. */
    OPEN_METRICS("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String mediaType;
    private final String contentType;

    ScrapeFormat(String mediaType, String contentType) {
        this.mediaType = mediaType;
        this.contentType = contentType;
    }

    /** The media type with its parameters. */
    String contentType() {
        return contentType;
    }

    /** OpenMetrics where {@code accept} names it with at least the weight of plain text, else plain text. */
    static ScrapeFormat preferred(@Nullable String accept) {
        if (accept == null) {
            return TEXT;
        }
        double open = weight(accept, OPEN_METRICS.mediaType);
        return open > 0 && open >= weight(accept, TEXT.mediaType) ? OPEN_METRICS : TEXT;
    }

    /** The highest weight that {@code accept} gives to {@code mediaType} by name (RFC 9110 section 12.5.1), or 0. */
    private static double weight(String accept, String mediaType) {
        double highest = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", 64)) {
            String[] parts = range.split(";", 16);
            if (parts[0].strip().equals(mediaType)) {
                highest = Math.max(highest, weight(parts));
            }
        }
        return highest;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                return quality(parameter.substring(2));
            }
        }
        return 1;
    }

    private static double quality(String text) {
        return text.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(text) : 0;
    }
}
