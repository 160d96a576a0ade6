package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.failure.Side;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http2.HeaderLines;
import com.esperr.gateway.http2.HeaderList;
import com.esperr.gateway.http2.RequestFields;
import com.esperr.gateway.http2.ResponseHeads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange with an origin on a stream of a {@link SharedConnection}; confined to its event loop. What arrives while the client takes
 * nothing is handed on all the same, as far as the window of the stream allows, and opens it no further.
 */
final class UpstreamStream implements RequestOutput {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamStream.class);
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final int MOST_INTERIM = 16;

    private final SharedConnection connection;
    private final OriginEndpoint endpoint;
    private final boolean reused;

    private @Nullable ResponseListener listener;
    private int id;
    private boolean toHead;
    private boolean body;
    private boolean reading = true;
    private boolean touched;
    private boolean headed;
    private boolean ended;
    private boolean over;
    private int interim;
    private int unconsumed;
    private long declared = BodyLength.CHUNKED;
    private long received;

    UpstreamStream(SharedConnection connection, OriginEndpoint endpoint, boolean reused) {
        this.connection = connection;
        this.endpoint = endpoint;
        this.reused = reused;
    }

    // --- request

    @Override
    public void begin(RequestHead request, boolean maySwitch, ResponseListener answers) {
        listener = answers;
        toHead = request.method().equals("HEAD");
        body = request.hasBody();
    }

    @Override
    public ByteBuf buffer(int capacity) {
        return connection.buffer(capacity);
    }

    @Override
    public void head(ByteBuf head) {
        try {
            id = connection.open(this, RequestFields.of(head, connection.secure() ? HTTPS : HTTP), !body);
        } finally {
            head.release();
        }
        if (id == 0) {
            fail(connection.endReason(), "no stream could be opened", Loss.UNPROCESSED);
        }
    }

    @Override
    public void data(ByteBuf data) {
        if (over || !data.isReadable()) {
            data.release();
        } else {
            connection.writeData(id, data, false);
        }
    }

    @Override
    public void end(MessageEnd end) {
        Fields trailers = end.trailers();
        if (over) {
            return;
        }
        if (trailers.size() == 0) {
            connection.writeData(id, Unpooled.EMPTY_BUFFER, true);
            return;
        }
        HeaderLines lines = new HeaderLines(trailers.size());
        for (int i = 0; i < trailers.size(); i++) {
            lines.add(trailers, i);
        }
        connection.writeTrailers(id, lines.trailers());
    }

    @Override
    public void endOutput() {
        end(MessageEnd.PLAIN);
    }

    @Override
    public void flush() {
        if (writable()) {
            connection.flushSoon();
        } else {
            // Only what leaves makes room, and who asks wants to know whether there is.
            connection.flushNow();
        }
    }

    @Override
    public boolean writable() {
        return over || connection.writable(id);
    }

    @Override
    public void reading(boolean on) {
        reading = on;
        if (on) {
            int given = unconsumed;
            unconsumed = 0;
            connection.consumed(id, given);
        }
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public OriginEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public void blame() {
        connection.blame(!headed);
    }

    @Override
    public void release() {
        letGo();
    }

    @Override
    public void discard() {
        if (!over) {
            letGo();
            connection.reset(id, Http2Error.CANCEL);
        }
    }

    private void letGo() {
        if (!over) {
            over = true;
            listener = null;
            connection.ended();
        }
    }

    // --- response

    /** A header list has come. */
    void headers(ResponseHeads heads, HeaderList list, boolean last) {
        ResponseListener to = listener;
        if (to == null) {
            return;
        }
        touched = true;
        if (headed) {
            MessageEnd end = heads.end(list);
            if (end == null) {
                malformed(heads.fault().detail());
            } else {
                end(to, end);
            }
            return;
        }
        ResponseHead head = heads.head(list, last, toHead);
        if (head == null) {
            malformed(heads.fault().detail());
        } else if (!head.interim()) {
            headed = true;
            declared = head.bodyLength();
            connection.answered(head.status());
            to.responseHead(head);
            if (last) {
                end(to, MessageEnd.PLAIN);
            }
        } else if (++interim > MOST_INTERIM) {
            malformed("interim responses: more than 16 (expected: few)");
        } else {
            to.responseHead(head);
        }
    }

    /** A piece of the body has come; it stays the caller's. */
    void data(ByteBuf data, boolean last) {
        ResponseListener to = listener;
        if (to == null) {
            return;
        }
        received += data.readableBytes();
        if (!headed) {
            malformed("DATA in front of the head");
        } else if (declared >= 0 && received > declared) {
            malformed("body: longer than its content-length, or where there is none (expected: " + declared + ")");
        } else {
            if (data.isReadable()) {
                to.responseData(data.retain());
            }
            if (last) {
                end(to, MessageEnd.PLAIN);
            }
        }
    }

    private void end(ResponseListener to, MessageEnd end) {
        if (over) {
            return;
        }
        if (declared > received) {
            malformed("body: " + received + " bytes, shorter than its content-length (expected: " + declared + ")");
        } else {
            ended = true;
            to.responseEnd(end);
        }
    }

    /** How many of {@code flow} bytes make room for others at once; the rest do when the client takes them. */
    int owes(int flow) {
        if (over || reading) {
            return flow;
        }
        unconsumed += flow;
        return 0;
    }

    void readComplete() {
        ResponseListener to = listener;
        if (to != null) {
            to.responseReadComplete();
        }
    }

    void writabilityChanged() {
        ResponseListener to = listener;
        if (to != null) {
            to.requestWritabilityChanged(writable());
        }
    }

    // --- endings

    /** What the origin says is no answer. */
    void malformed(String detail) {
        if (!over) {
            connection.reset(id, Http2Error.PROTOCOL_ERROR);
            fail(FailureReason.ORIGIN_MALFORMED, detail, Loss.ANSWERED);
        }
    }

    /** The origin ends the stream before its end. */
    void resetByOrigin(long code) {
        if (ended) {
            return;
        }
        boolean refused = code == Http2Error.REFUSED_STREAM.code();
        if (refused) {
            connection.refuses(false);
        }
        Http2Error error = Http2Error.valueOf(code);
        fail(
                FailureReason.ORIGIN_CLOSED,
                "stream reset by the origin: " + (error == null ? Long.toString(code) : error.name()),
                refused ? Loss.UNPROCESSED : Loss.ANSWERED);
    }

    /** The stream is closed, whoever did it; {@code unprocessed} if the origin says that it has not looked at it. */
    void closed(boolean unprocessed) {
        if (!ended) {
            fail(
                    connection.endReason(),
                    connection.endDetail(),
                    unprocessed ? Loss.UNPROCESSED : touched ? Loss.ANSWERED : Loss.UNANSWERED);
        }
    }

    /** A defect of ours got in the way. */
    void defect(Throwable cause) {
        LOG.error("stream to origin {} failed unexpectedly", endpoint.label(), cause);
        connection.reset(id, Http2Error.CANCEL);
        try {
            fail(FailureReason.INTERNAL, cause.toString(), Loss.ANSWERED);
        } catch (RuntimeException | Error again) {
            LOG.error("a stream could not be ended", again);
        }
    }

    private void fail(FailureReason reason, String detail, Loss loss) {
        ResponseListener to = listener;
        if (over || to == null) {
            return;
        }
        letGo();
        boolean nobodysFault = loss == Loss.UNPROCESSED || (loss == Loss.UNANSWERED && reused);
        if (reason.side() == Side.ORIGIN && !nobodysFault) {
            connection.blame(false);
        }
        to.upstreamFailed(reason, detail, loss);
    }
}
