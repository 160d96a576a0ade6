package com.esperr.gateway.request;

import com.esperr.gateway.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * What the field {@code traceparent} of a request says (W3C Trace Context, level 1). Immutable.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param sampled whether whoever sent it records this trace
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {
    /** The field, in lower case. */
    public static final String FIELD = "traceparent";

    private static final int LENGTH = 55;
    private static final int TRACE_AT = 3;
    private static final int SPAN_AT = 36;
    private static final int FLAGS_AT = 53;

    /** What the one such field of {@code fields} says, or null: one that is malformed, or not alone, counts as none. */
    public static @Nullable TraceParent of(Fields fields) {
        String value = fields.get(FIELD);
        return value == null || fields.all(FIELD).size() != 1 ? null : parse(value);
    }

    static @Nullable TraceParent parse(String value) {
        if (value.length() < LENGTH
                || value.charAt(2) != '-'
                || value.charAt(SPAN_AT - 1) != '-'
                || value.charAt(FLAGS_AT - 1) != '-'
                || !versionFits(value)) {
            return null;
        }
        String trace = value.substring(TRACE_AT, SPAN_AT - 1);
        String span = value.substring(SPAN_AT, FLAGS_AT - 1);
        int flags = hex(value.charAt(FLAGS_AT)) << 4 | hex(value.charAt(FLAGS_AT + 1));
        if (flags < 0 || !isId(trace) || !isId(span)) {
            return null;
        }
        return new TraceParent(trace, span, (flags & 1) != 0);
    }

    /** Of a later version, more may follow behind another hyphen (section 4.3). */
    private static boolean versionFits(String value) {
        int version = hex(value.charAt(0)) << 4 | hex(value.charAt(1));
        if (version < 0 || version == 0xff) {
            return false;
        }
        return value.length() == LENGTH || (version > 0 && value.charAt(LENGTH) == '-');
    }

    private static boolean isId(String text) {
        boolean some = false;
        for (int i = 0; i < text.length(); i++) {
            if (hex(text.charAt(i)) < 0) {
                return false;
            }
            some |= text.charAt(i) != '0';
        }
        return some;
    }

    /** Lower case only (section 3.2.2.3). */
    private static int hex(char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }
}
