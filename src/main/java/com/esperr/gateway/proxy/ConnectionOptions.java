package com.esperr.gateway.proxy;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http1.FieldTokens;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The fields that the Connection lines of one head name as meant for the next hop only (RFC 9110 section 7.6.1). Immutable. The
 * lines are read once: a list as long as a head may be must not be searched again for each of a hundred lines.
 */
final class ConnectionOptions {
    private static final ConnectionOptions NONE = new ConnectionOptions(Set.of());

    private final Set<String> names;

    private ConnectionOptions(Set<String> names) {
        this.names = names;
    }

    /** The options of a head. */
    static ConnectionOptions of(Fields fields) {
        int line = fields.indexOf(FieldName.CONNECTION, 0);
        if (line < 0) {
            return NONE;
        }
        boolean only = fields.indexOf(FieldName.CONNECTION, line + 1) < 0;
        if (only && (fields.valueEqualsIgnoreCase(line, "keep-alive") || fields.valueEqualsIgnoreCase(line, "close"))) {
            return NONE;
        }
        List<String> options = FieldTokens.list(fields, FieldName.CONNECTION);
        Set<String> names = new HashSet<>(2 * options.size());
        for (String option : options) {
            names.add(option.toLowerCase(Locale.ROOT));
        }
        return new ConnectionOptions(names);
    }

    /** Whether nothing is named. */
    boolean isEmpty() {
        return names.isEmpty();
    }

    /** Whether line {@code i} is named. */
    boolean names(Fields fields, int i) {
        if (names.isEmpty()) {
            return false;
        }
        FieldName known = fields.known(i);
        return names.contains(known == null ? fields.name(i).toLowerCase(Locale.ROOT) : known.text());
    }
}
