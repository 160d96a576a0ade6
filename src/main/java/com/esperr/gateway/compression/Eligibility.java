package com.esperr.gateway.compression;

import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http1.FieldTokens;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which responses may be compressed for a client that asks for it. Immutable. */
final class Eligibility {
    /** Checksums of the bytes as the origin sent them (RFC 9530 and before): they would no longer be true. */
    private static final List<String> DIGESTS = List.of("content-digest", "repr-digest", "digest", "content-md5");

    private static final String NO_TRANSFORM = "no-transform";

    private final CompressionConfig config;

    Eligibility(CompressionConfig config) {
        this.config = config;
    }

    boolean of(ResponseHead head, RequestHead asked) {
        Fields fields = head.fields();
        return status(head.status())
                && length(asked.method().equals(Compression.HEAD) ? promised(fields) : head.bodyLength())
                && type(fields.get(FieldName.CONTENT_TYPE))
                && !fields.contains("content-encoding")
                && !fields.contains("content-range")
                && !FieldTokens.listContains(fields, FieldName.CACHE_CONTROL, NO_TRANSFORM)
                && !FieldTokens.listContains(asked.fields(), FieldName.CACHE_CONTROL, NO_TRANSFORM)
                && !digested(fields);
    }

    /** Those without a body, or with something else than the whole of it. */
    private static boolean status(int status) {
        return status >= 200 && status != 204 && status != 205 && status != 206 && status != 226;
    }

    private boolean length(long length) {
        return length < BodyLength.NONE || (length > 0 && length >= config.minLength());
    }

    /** The length that a GET would bring, which was checked with the head. */
    private static long promised(Fields fields) {
        String length = fields.get(FieldName.CONTENT_LENGTH);
        return length == null ? BodyLength.CHUNKED : Long.parseLong(length);
    }

    private boolean type(@Nullable String value) {
        if (value == null) {
            return false;
        }
        int end = value.indexOf(';');
        String type = (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        int slash = type.indexOf('/');
        return slash > 0 && (config.types().contains(type) || config.types().contains(type.substring(0, slash) + "/*"));
    }

    private static boolean digested(Fields fields) {
        for (String name : DIGESTS) {
            if (fields.contains(name) || FieldTokens.listContains(fields, FieldName.TRAILER, name)) {
                return true;
            }
        }
        return false;
    }
}
