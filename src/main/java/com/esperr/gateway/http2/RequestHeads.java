package com.esperr.gateway.http2;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.WebSocketKey;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.http1.RequestHeadReader;
import com.esperr.gateway.http1.TrailerReader;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Makes heads and trailers of header lists. What HTTP/2 forbids is refused (RFC 9113 section 8), above all whatever could mean
 * something else once it stands in HTTP/1.1 (section 10.3); the rest is written as HTTP/1.1 and read by the reader of that, so that
 * there is one truth about what a head is. Confined to the event loop of its connection.
 */
public final class RequestHeads {
    private static final AsciiString KEY = AsciiString.cached(WebSocketKey.FIELD);

    private final HttpVersion version;
    private final boolean webSockets;
    private final RequestHeadReader reader;
    private final TrailerReader trailers;
    private BadMessage fault = new BadMessage(FailureReason.MALFORMED_HEAD, "header list: not read");

    /** For heads within {@code limits}, which may ask for a WebSocket if {@code webSockets} (RFC 8441). */
    public RequestHeads(DecoderLimits limits, boolean webSockets) {
        this(limits, webSockets, HttpVersion.HTTP_2);
    }

    /** For heads of HTTP/3, whose rules for header lists are the same (RFC 9114 section 4.2 and 4.3). */
    public static RequestHeads ofHttp3(DecoderLimits limits) {
        return new RequestHeads(limits, false, HttpVersion.HTTP_3);
    }

    private RequestHeads(DecoderLimits limits, boolean webSockets, HttpVersion version) {
        this.version = version;
        this.webSockets = webSockets;
        reader = new RequestHeadReader(limits);
        trailers = TrailerReader.ofRequests(limits);
    }

    /**
     * The head, or null if it is refused.
     *
     * @param last whether nothing follows it
     */
    public @Nullable RequestHead head(HeaderList list, boolean last) {
        PseudoFields pseudo = new PseudoFields(webSockets);
        int regular = pseudo.read(list);
        if (regular < 0) {
            return refuse(pseudo.reason(), pseudo.detail());
        }
        int crumbs = 0;
        int hosts = 0;
        for (int i = regular; i < list.size(); i++) {
            String wrong = FieldRules.wrong(list, i);
            if (wrong != null) {
                return refuse(FailureReason.MALFORMED_HEAD, wrong);
            }
            crumbs += list.known(i) == FieldName.COOKIE ? 1 : 0;
            hosts += list.known(i) == FieldName.HOST ? 1 : 0;
        }
        AsciiString host = pseudo.authority();
        for (int i = regular; i < list.size() && hosts > 0; i++) {
            if (list.known(i) == FieldName.HOST) {
                if (hosts > 1 || (host != null && !host.contentEqualsIgnoreCase(list.value(i)))) {
                    return refuse(FailureReason.INVALID_HOST, "host: repeated, or not :authority (expected: the same)");
                }
                host = list.value(i);
            }
        }
        if (pseudo.webSocket()) {
            handshake(list);
        }
        byte[] block = HeadText.head(pseudo, host, list, regular, crumbs);
        RequestHead read = reader.read(block);
        if (read == null) {
            fault = reader.fault();
            return null;
        }
        int lines = list.size() - regular - hosts - Math.max(0, crumbs - 1) + (host == null ? 0 : 1);
        if (read.fields().size() != lines) {
            return refuse(FailureReason.MALFORMED_HEAD, "header list: reads differently in HTTP/1.1");
        }
        return pseudo.webSocket() ? bodyless(read, last) : framed(read, last);
    }

    /** What stands in HTTP/1.1 where HTTP/2 has a pseudo-header (RFC 8441 section 5); the visitor's own key means nothing. */
    private static void handshake(HeaderList list) {
        list.drop(KEY);
        list.add("connection", "Upgrade");
        list.add("upgrade", "websocket");
        list.add(KEY, WebSocketKey.fresh());
    }

    /** What follows a handshake is no body of it. */
    private @Nullable RequestHead bodyless(RequestHead read, boolean last) {
        if (last || read.fields().contains(FieldName.CONTENT_LENGTH)) {
            return refuse(FailureReason.AMBIGUOUS_FRAMING, ":protocol: with a length, or ended (expected: a stream)");
        }
        return new RequestHead(read.method(), read.target(), version, read.fields(), BodyLength.NONE, true, false);
    }

    /** Where the body ends is told by the frames, with which a length must agree (RFC 9113 section 8.1.1). */
    private @Nullable RequestHead framed(RequestHead read, boolean last) {
        boolean measured = read.fields().contains(FieldName.CONTENT_LENGTH);
        if (last && read.bodyLength() > 0) {
            return refuse(
                    FailureReason.AMBIGUOUS_FRAMING, "content-length: " + read.bodyLength() + " (expected: no body)");
        }
        long length = last ? BodyLength.NONE : measured ? read.bodyLength() : BodyLength.CHUNKED;
        boolean expects = length != BodyLength.NONE && read.fields().contains(FieldName.EXPECT);
        return new RequestHead(read.method(), read.target(), version, read.fields(), length, true, expects);
    }

    /** The end that a second header list is, or null if it is refused. */
    public @Nullable MessageEnd end(HeaderList list) {
        for (int i = 0; i < list.size(); i++) {
            String wrong = FieldRules.wrong(list, i);
            if (wrong != null) {
                fault = new BadMessage(FailureReason.MALFORMED_BODY, "trailer: " + wrong);
                return null;
            }
        }
        MessageEnd end = trailers.read(HeadText.trailers(list));
        if (end == null) {
            fault = trailers.fault();
        }
        return end;
    }

    /** Nothing comes for a while: what was kept to know the next head again is let go. */
    public void idle() {
        reader.idle();
    }

    /** Why there is no head, or no end. */
    public BadMessage fault() {
        return fault;
    }

    private @Nullable RequestHead refuse(FailureReason reason, String detail) {
        fault = new BadMessage(reason, detail);
        return null;
    }
}
