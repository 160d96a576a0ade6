package com.esperr.gateway.http2;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * Collects the fields of one response as HTTP/2 sends them, names in lower case; confined to the event loop of its connection. The
 * grammar of lines from {@link Fields} is proved already; text of ours is checked when it is made.
 */
public final class HeaderLines {
    private static final AsciiString[] NAMES = new AsciiString[FieldName.values().length];
    private static final AsciiString[] STATUS = new AsciiString[1000];

    static {
        for (FieldName name : FieldName.values()) {
            NAMES[name.ordinal()] = AsciiString.cached(name.text());
        }
        for (int status = 100; status < STATUS.length; status++) {
            STATUS[status] = AsciiString.cached(Integer.toString(status));
        }
    }

    private AsciiString[] texts;
    private int length;

    /** For about so many fields. */
    public HeaderLines(int expected) {
        texts = new AsciiString[2 * expected];
    }

    /** Adds line {@code i}. */
    public void add(Fields fields, int i) {
        FieldName known = fields.known(i);
        byte[] block = fields.block();
        int start = fields.lineStart(i);
        AsciiString name = known == null
                ? new AsciiString(block, start, fields.nameEnd(i) - start, true).toLowerCase()
                : NAMES[known.ordinal()];
        int value = fields.valueStart(i);
        // A copy, because the table of HPACK may keep it longer than the response lasts.
        put(name, new AsciiString(block, value, fields.valueEnd(i) - value, true));
    }

    /** Adds a field. */
    public void add(FieldName name, String value) {
        put(NAMES[name.ordinal()], new AsciiString(value));
    }

    private void put(AsciiString name, AsciiString value) {
        if (length == texts.length) {
            texts = Arrays.copyOf(texts, Math.max(8, 2 * length));
        }
        texts[length++] = name;
        texts[length++] = value;
    }

    /** A head with what was added. */
    public Http2Headers head(int status) {
        return ReadOnlyHttp2Headers.serverHeaders(false, STATUS[status], Arrays.copyOf(texts, length));
    }

    /** Trailers of what was added. */
    public Http2Headers trailers() {
        return ReadOnlyHttp2Headers.trailers(false, Arrays.copyOf(texts, length));
    }
}
