package com.esperr.gateway.admin;

import com.esperr.gateway.net.HostPort;
import java.util.Set;

/**
 * Under which names the operator port answers. A page on the web can make a browser ask any address under the page's own
 * name (DNS rebinding) and then read the answer; it cannot make it ask under an address literal, under localhost or under a
 * name that only the operator's resolver knows. The port in the header is not looked at: forwarded ports change it.
 * Immutable.
 */
final class HostRule {
    static final String LOCALHOST = "localhost";

    private static final int ANY_PORT = 80;

    private final Set<String> allowed;

    HostRule(Set<String> allowed) {
        this.allowed = allowed;
    }

    /** Whether a request with the Host value {@code value} may be answered. */
    boolean admits(String value) {
        HostPort asked;
        try {
            asked = HostPort.parse(value, ANY_PORT);
        } catch (IllegalArgumentException notAHost) {
            return false;
        }
        return asked.address() != null || asked.host().equals(LOCALHOST) || allowed.contains(asked.host());
    }
}
