package com.esperr.gateway.proxy;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http.WebSocketKey;
import com.esperr.gateway.http2.HeaderLines;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;

/** The heads that a visitor sees of a response in HTTP/2. Thread-safe. */
final class Http2Heads {
    /** Tells a client to send its body. */
    static final Http2Headers CONTINUE = ReadOnlyHttp2Headers.serverHeaders(false, AsciiString.cached("100"));

    /** The fields that we add. */
    private static final int OURS = 2;

    private final ResponseForwarding forwarding;

    Http2Heads(ResponseForwarding forwarding) {
        this.forwarding = forwarding;
    }

    /** Of the origin's final head. */
    Http2Headers response(ResponseHead head) {
        HeaderLines lines = passing(head);
        if (!head.fields().contains(FieldName.DATE)) {
            lines.add(FieldName.DATE, forwarding.date().now());
        }
        lines.add(FieldName.VIA, forwarding.viaList(head));
        return lines.head(head.status());
    }

    /** Of an interim head of the origin's. */
    Http2Headers interim(ResponseHead head) {
        return passing(head).head(head.status());
    }

    /** Of the origin's agreement to another protocol, which HTTP/2 has another status for (RFC 8441 section 5). */
    Http2Headers upgraded(ResponseHead head) {
        Fields fields = head.fields();
        HeaderLines lines = new HeaderLines(fields.size() + OURS);
        ConnectionOptions options = ConnectionOptions.of(fields);
        for (int i = 0; i < fields.size(); i++) {
            boolean answer = fields.nameEquals(i, WebSocketKey.ANSWER);
            if (!answer && ResponseForwarding.passes(fields, i, head.status(), options)) {
                lines.add(fields, i);
            }
        }
        lines.add(FieldName.VIA, forwarding.viaList(head));
        return lines.head(200);
    }

    /** Of a reply of our own. */
    Http2Headers reply(LocalReply reply) {
        HeaderLines lines = all(reply.fields());
        lines.add(FieldName.DATE, forwarding.date().now());
        return lines.head(reply.status());
    }

    /** Of the trailers of a response. */
    static Http2Headers trailers(Fields trailers) {
        return all(trailers).trailers();
    }

    private static HeaderLines passing(ResponseHead head) {
        Fields fields = head.fields();
        HeaderLines lines = new HeaderLines(fields.size() + OURS);
        ConnectionOptions options = ConnectionOptions.of(fields);
        for (int i = 0; i < fields.size(); i++) {
            if (ResponseForwarding.passes(fields, i, head.status(), options)) {
                lines.add(fields, i);
            }
        }
        return lines;
    }

    private static HeaderLines all(Fields fields) {
        HeaderLines lines = new HeaderLines(fields.size() + OURS);
        for (int i = 0; i < fields.size(); i++) {
            lines.add(fields, i);
        }
        return lines;
    }
}
