package com.esperr.gateway.listen;

import com.esperr.gateway.config.Section;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code hsts} of a listener: for how long browsers speak nothing but TLS with the site (RFC 6797). Immutable.
 *
 * @param maxAge zero: nothing is said of it
 * @param includeSubdomains whether that is so for all names below, too
 * @param preload whether browsers may know it before the first visit
 */
public record HstsConfig(Duration maxAge, boolean includeSubdomains, boolean preload) {
    static final HstsConfig OFF = new HstsConfig(Duration.ZERO, false, false);

    private static final Duration YEAR = Duration.ofDays(365);

    /** Reads the section of a listener that speaks TLS, or does not. */
    static HstsConfig read(Section section, boolean tls) {
        HstsConfig read = new HstsConfig(
                section.duration("max-age", Duration.ZERO, Duration.ofDays(3650)),
                section.flag("include-subdomains"),
                section.flag("preload"));
        if (!tls && !read.maxAge.isZero()) {
            // RFC 6797 section 7.2: it must not be sent in clear text, where anybody could have written it.
            section.problem("max-age", read.maxAge.toSeconds() + " s", "0s, as there is no tls.certificates here");
        } else if (read.preload && (!read.includeSubdomains || read.maxAge.compareTo(YEAR) < 0)) {
            section.problem("preload", "true", "include-subdomains, and a max-age of 365d or more, as browsers demand");
        }
        return read;
    }

    /** The value of the field, or null if it is not sent. */
    public @Nullable String value() {
        return maxAge.isZero()
                ? null
                : "max-age=" + maxAge.toSeconds() + (includeSubdomains ? "; includeSubDomains" : "")
                        + (preload ? "; preload" : "");
    }
}
