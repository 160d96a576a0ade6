package com.esperr.gateway.state;

import com.esperr.gateway.net.HostPort;
import java.util.Locale;

/**
 * Where a Redis is. Immutable.
 *
 * @param tls whether it is spoken to over TLS
 * @param address host and port
 * @param database the number of the database
 */
public record RedisAddress(boolean tls, HostPort address, int database) {
    /** What {@link #parse} reads, for messages. */
    public static final String FORM = "redis://HOST[:PORT][/DATABASE], or rediss:// for TLS; no user, no password";

    private static final String PLAIN = "redis://";
    private static final String TLS = "rediss://";
    private static final int PORT = 6379;
    private static final int MAX_DATABASE = 1023;

    /**
     * Reads a URL. Passwords have keys of their own, because URLs end in logs.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static RedisAddress parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean tls = lower.startsWith(TLS);
        if (!tls && !lower.startsWith(PLAIN)) {
            throw new IllegalArgumentException("scheme (expected: " + FORM + ")");
        }
        String rest = text.substring(tls ? TLS.length() : PLAIN.length());
        int slash = rest.indexOf('/');
        String host = slash < 0 ? rest : rest.substring(0, slash);
        return new RedisAddress(tls, HostPort.parse(host, PORT), database(slash < 0 ? "" : rest.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return (tls ? TLS : PLAIN) + address + (database == 0 ? "" : "/" + database);
    }

    private static int database(String text) {
        int number = text.isEmpty() ? 0 : Integer.parseInt(text);
        if (number < 0 || number > MAX_DATABASE) {
            throw new IllegalArgumentException("database: " + number + " (expected: 0.." + MAX_DATABASE + ")");
        }
        return number;
    }
}
