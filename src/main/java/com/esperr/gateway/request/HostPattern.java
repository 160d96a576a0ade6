package com.esperr.gateway.request;

import com.esperr.gateway.http.Authority;
import java.util.Locale;

/**
 * One of the names of a site: a host, {@code *.domain} for every host below the domain but not itself, or {@code *} for every
 * host. Immutable.
 *
 * @param text in lower case
 */
record HostPattern(String text) {
    static final String EXPECTED = "a host name without port, *.domain, or *";
    private static final String ALL = "*";

    /**
     * Reads a name.
     *
     * @throws IllegalArgumentException if it is none
     */
    static HostPattern parse(String written) {
        String text = written.toLowerCase(Locale.ROOT);
        if (text.equals(ALL)) {
            return new HostPattern(text);
        }
        String name = text.startsWith("*.") ? text.substring(2) : text;
        Authority authority = Authority.parseOrNull(name);
        if (authority == null
                || authority.port() != Authority.NO_PORT
                || !authority.host().equals(name)) {
            throw new IllegalArgumentException(written);
        }
        return new HostPattern(text);
    }
}
