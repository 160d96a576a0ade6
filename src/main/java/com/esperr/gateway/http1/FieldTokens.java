package com.esperr.gateway.http1;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import java.util.ArrayList;
import java.util.List;

/**
 * Comma-separated lists in field values, over all lines of one name (RFC 9110 section 5.6.1): white space is trimmed, empty
 * elements are skipped, commas inside quoted strings do not separate. Names are compared ignoring ASCII case. Immutable.
 */
public final class FieldTokens {
    private FieldTokens() {}

    /** Whether a list called {@code name} has the element {@code token}, with or without parameters. */
    public static boolean listContains(Fields fields, FieldName name, String token) {
        for (int line = fields.indexOf(name, 0); line >= 0; line = fields.indexOf(name, line + 1)) {
            // One element is the common case: Connection: keep-alive.
            if (fields.valueEqualsIgnoreCase(line, token)) {
                return true;
            }
            ListElements elements = new ListElements(fields, line);
            while (elements.next()) {
                if (elements.is(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The elements of the lists called {@code name}, in order, as written, without parameters. */
    public static List<String> list(Fields fields, FieldName name) {
        List<String> found = new ArrayList<>(4);
        for (int line = fields.indexOf(name, 0); line >= 0; line = fields.indexOf(name, line + 1)) {
            ListElements elements = new ListElements(fields, line);
            while (elements.next()) {
                found.add(elements.text());
            }
        }
        return found;
    }
}
