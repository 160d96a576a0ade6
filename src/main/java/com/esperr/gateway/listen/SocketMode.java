package com.esperr.gateway.listen;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Who may connect to a unix socket, as the octal digits that chmod takes. Immutable. */
record SocketMode(Set<PosixFilePermission> permissions) {
    /** From the highest bit to the lowest, as the enum declares them. */
    private static final PosixFilePermission[] BITS = PosixFilePermission.values();

    SocketMode {
        permissions = Collections.unmodifiableSet(EnumSet.copyOf(permissions));
    }

    /** Reads three octal digits; the owner has to be able to connect. */
    static SocketMode parse(String text) {
        if (!text.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException(text);
        }
        int bits = Integer.parseInt(text, 8);
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < BITS.length; i++) {
            if ((bits & 1 << (BITS.length - 1 - i)) != 0) {
                permissions.add(BITS[i]);
            }
        }
        if (!permissions.containsAll(Arrays.asList(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))) {
            throw new IllegalArgumentException(text);
        }
        return new SocketMode(permissions);
    }
}
