package com.esperr.gateway.http2;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.http1.ResponseHeadReader;
import com.esperr.gateway.http1.TrailerReader;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Makes heads and trailers of the header lists that an origin answers with. What HTTP/2 forbids is refused (RFC 9113 section 8.1.1);
 * the rest is written as HTTP/1.1 and read by the reader of that, as {@link RequestHeads} does. Confined to the event loop of its
 * connection.
 */
public final class ResponseHeads {
    private final ResponseHeadReader reader;
    private final TrailerReader trailers;
    private BadMessage fault = new BadMessage(FailureReason.ORIGIN_MALFORMED, "header list: not read");

    /** For heads within {@code limits}. */
    public ResponseHeads(DecoderLimits limits) {
        reader = new ResponseHeadReader(limits);
        trailers = TrailerReader.ofResponses(limits);
    }

    /**
     * The head, or null if it is refused.
     *
     * @param last whether nothing follows it
     * @param toHead whether it answers a HEAD
     */
    public @Nullable ResponseHead head(HeaderList list, boolean last, boolean toHead) {
        AsciiString status = status(list);
        if (status == null) {
            refuse(":status: missing, or not first (expected: three digits)");
            return null;
        }
        if (wrong(list, 1)) {
            return null;
        }
        ResponseHead read = reader.read(HeadText.response(status, list), toHead);
        if (read == null) {
            fault = reader.fault();
            return null;
        }
        if (read.fields().size() != list.size() - 1) {
            refuse("header list: reads differently in HTTP/1.1");
            return null;
        }
        if (last && (read.interim() || read.bodyLength() > 0)) {
            refuse("header list: the last one, with " + read.status() + " and content-length " + read.bodyLength());
            return null;
        }
        boolean measured = read.bodyLength() == BodyLength.NONE || read.fields().contains(FieldName.CONTENT_LENGTH);
        long length = last ? BodyLength.NONE : measured ? read.bodyLength() : BodyLength.CHUNKED;
        return new ResponseHead(read.status(), read.reason(), HttpVersion.HTTP_2, read.fields(), length, true);
    }

    private static @Nullable AsciiString status(HeaderList list) {
        if (list.isEmpty() || !list.name(0).contentEquals(HeaderList.STATUS)) {
            return null;
        }
        AsciiString status = list.value(0);
        for (int i = 0; i < status.length(); i++) {
            if (status.byteAt(i) < '0' || status.byteAt(i) > '9') {
                return null;
            }
        }
        return status.length() == 3 ? status : null;
    }

    private boolean wrong(HeaderList list, int from) {
        for (int i = from; i < list.size(); i++) {
            String wrong = FieldRules.wrong(list, i);
            if (wrong != null) {
                refuse(wrong);
                return true;
            }
        }
        return false;
    }

    /** The end that a header list behind the final head is, or null if it is refused. */
    public @Nullable MessageEnd end(HeaderList list) {
        if (wrong(list, 0)) {
            return null;
        }
        MessageEnd end = trailers.read(HeadText.trailers(list));
        if (end == null) {
            refuse(trailers.fault().detail());
        }
        return end;
    }

    /** Why there is no head, or no end. */
    public BadMessage fault() {
        return fault;
    }

    private void refuse(String detail) {
        fault = new BadMessage(FailureReason.ORIGIN_MALFORMED, detail);
    }
}
