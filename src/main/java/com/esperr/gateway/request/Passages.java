package com.esperr.gateway.request;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * How often a request has come through this process, as its Via tells (RFC 9110 section 7.6.3): behind the name stands a comment that no other
 * process writes. The answer's Via does not have it, so that no visitor can have his request refused as somebody else's. Stateless.
 */
public final class Passages {
    /** Who goes to one site by way of another one of the same gateway comes more than once, but not this often. */
    static final int MOST = 4;

    private static final int MARK_BYTES = 6;
    private static final String MARK = " (" + mark() + ")";

    private Passages() {}

    private static String mark() {
        byte[] random = new byte[MARK_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** What the origin is told in Via of a gateway of that name. */
    public static String told(String name) {
        return name + MARK;
    }

    /** Whether the request with {@code fields} goes round in circles. */
    static boolean circle(Fields fields) {
        if (!fields.contains(FieldName.VIA)) {
            return false;
        }
        int passages = 0;
        for (String value : fields.all(FieldName.VIA)) {
            for (int at = value.indexOf(MARK); at >= 0; at = value.indexOf(MARK, at + MARK.length())) {
                passages++;
            }
        }
        return passages >= MOST;
    }
}
