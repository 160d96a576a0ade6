package com.esperr.gateway.challenge;

import com.esperr.gateway.net.HostPort;
import java.util.Locale;
import java.util.Set;

/**
 * The hosts that visitors are sent back to from a challenge. The host that was asked for is what a visitor sent, so that
 * without a list anybody could have visitors, and their proofs, brought to a site of his. Immutable.
 *
 * @param names lower-case, or {@link #ANY} among them; empty for none
 */
public record ReturnHosts(Set<String> names) {
    /** In place of names: whatever host was asked for. */
    public static final String ANY = "*";

    /** No host at all. */
    public static final ReturnHosts NONE = new ReturnHosts(Set.of());

    /** Whether visitors may be sent to {@code authority}, a host and perhaps a port. */
    boolean has(String authority) {
        return names.contains(ANY) || (!authority.isEmpty() && names.contains(host(authority)));
    }

    /** The host of {@code authority}, lower-case. */
    static String host(String authority) {
        return HostPort.parse(authority, 1).host().toLowerCase(Locale.ROOT);
    }
}
