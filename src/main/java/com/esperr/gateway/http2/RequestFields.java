package com.esperr.gateway.http2;

import com.esperr.gateway.http.FieldName;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.netty.util.ByteProcessor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the header list of a request of the head that HTTP/1.1 would have for it, which is ours and well-formed: names in lower case,
 * the request line and Host as pseudo-fields, and what is of the connection left out (RFC 9113 section 8.2.2). Stateless.
 */
public final class RequestFields {
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final byte SPACE = ' ';
    private static final byte COLON = ':';
    private static final byte LINE_FEED = '\n';

    private RequestFields() {}

    /**
     * The list for {@code head}, which stays the caller's.
     *
     * @param scheme http or https
     */
    public static Http2Headers of(ByteBuf head, AsciiString scheme) {
        int at = head.readerIndex();
        int end = head.writerIndex();
        int methodEnd = head.indexOf(at, end, SPACE);
        int lineEnd = head.indexOf(at, end, LINE_FEED);
        int targetEnd = head.forEachByteDesc(methodEnd, lineEnd - methodEnd, new ByteProcessor.IndexOfProcessor(SPACE));
        AsciiString method = text(head, at, methodEnd);
        AsciiString path = text(head, methodEnd + 1, targetEnd);
        AsciiString authority = AsciiString.EMPTY_STRING;
        List<AsciiString> fields = new ArrayList<>(32);
        for (at = lineEnd + 1; at < end; at = lineEnd + 1) {
            lineEnd = head.indexOf(at, end, LINE_FEED);
            int nameEnd = head.indexOf(at, lineEnd, COLON);
            if (nameEnd < 0) {
                // The empty line.
                break;
            }
            AsciiString name = text(head, at, nameEnd).toLowerCase();
            AsciiString value = text(head, nameEnd + 1, lineEnd).trim();
            FieldName known = HeaderList.known(name);
            if (known == FieldName.HOST) {
                authority = value;
            } else if (goes(known, value)) {
                fields.add(name);
                fields.add(value);
            }
        }
        return ReadOnlyHttp2Headers.clientHeaders(
                false, method, path, scheme, authority, fields.toArray(new AsciiString[0]));
    }

    private static boolean goes(@Nullable FieldName known, AsciiString value) {
        return known == FieldName.TE ? value.contentEqualsIgnoreCase(TRAILERS) : !FieldRules.ofConnections(known);
    }

    private static AsciiString text(ByteBuf head, int from, int to) {
        byte[] bytes = new byte[to - from];
        head.getBytes(from, bytes);
        return new AsciiString(bytes, false);
    }
}
