package com.esperr.gateway.transport;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.http1.ResponseDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One connection of {@link HttpClient} and the last handler of its pipeline; confined to its event loop. It is idle or
 * bound to one call. Body pieces are copied into the answer and released here.
 *
 * <p>A complete answer is handed over when everything that was read together with it has been looked at, so that a second
 * answer glued behind it costs the connection instead of being taken for the answer to the next call.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final int FIRST_CAPACITY = 512;
    private static final byte[] NOTHING = {};

    private final Channel channel;
    private final ResponseDecoder decoder;
    private final LoopClient owner;
    private final int maxBody;

    private @Nullable PendingCall current;
    private @Nullable ChannelFuture sent;
    private @Nullable ResponseHead head;
    private byte[] body = NOTHING;
    private int bodyLength;
    private boolean complete;
    private boolean outOfStep;
    private int calls;
    private long idleSince;
    private @Nullable String trouble;

    ClientConnection(Channel channel, ResponseDecoder decoder, LoopClient owner, int maxBody) {
        this.channel = channel;
        this.decoder = decoder;
        this.owner = owner;
        this.maxBody = maxBody;
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    boolean usable() {
        return channel.isActive();
    }

    long idleSince() {
        return idleSince;
    }

    void idleSince(long nanos) {
        idleSince = nanos;
    }

    /** Sends a request, which this takes. */
    void begin(PendingCall call, ByteBuf request) {
        current = call;
        calls++;
        decoder.expect(call.prepared.method());
        sent = channel.writeAndFlush(request);
    }

    /** Closes; the call, if there is one, is not told. */
    void discard() {
        current = null;
        channel.close();
    }

    /** Closes and tells the call. */
    void fail(CallFailure.Kind kind, String detail) {
        PendingCall call = current;
        boolean stale = calls > 1 && kind == CallFailure.Kind.CLOSED;
        discard();
        if (call != null) {
            call.failed(new CallFailure(kind, detail, stale));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (current == null) {
            // Nobody asked: whatever the service wants to say, the connection is out of step.
            ReferenceCountUtil.release(message);
            discard();
        } else if (complete) {
            ReferenceCountUtil.release(message);
            outOfStep = true;
        } else if (message instanceof ByteBuf piece) {
            append(piece);
        } else if (message instanceof ResponseHead received) {
            begin(received);
        } else if (message instanceof MessageEnd) {
            complete = true;
        } else if (message instanceof BadMessage bad) {
            boolean early = bad.reason() == FailureReason.ORIGIN_CLOSED;
            fail(early ? CallFailure.Kind.TRUNCATED : CallFailure.Kind.MALFORMED, bad.detail());
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (complete) {
            answer();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        owner.closed(this);
        if (complete) {
            answer();
        } else {
            fail(
                    head == null ? CallFailure.Kind.CLOSED : CallFailure.Kind.TRUNCATED,
                    trouble == null ? "the connection was closed" : trouble);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        trouble = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        channel.close();
    }

    private void begin(ResponseHead received) {
        if (received.interim()) {
            // The decoder counts them.
            return;
        }
        head = received;
        String coding = received.fields().get("content-encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            fail(CallFailure.Kind.MALFORMED, "content-encoding: a coding (expected: none, as none was offered)");
        } else if (received.bodyLength() > maxBody) {
            fail(CallFailure.Kind.TOO_LARGE, tooLarge());
        } else if (received.bodyLength() != BodyLength.NONE) {
            body = new byte[received.bodyLength() > 0 ? (int) received.bodyLength() : FIRST_CAPACITY];
        }
    }

    private void append(ByteBuf piece) {
        try {
            int more = piece.readableBytes();
            if (more > maxBody - bodyLength) {
                fail(CallFailure.Kind.TOO_LARGE, tooLarge());
                return;
            }
            if (more > body.length - bodyLength) {
                body = Arrays.copyOf(body, Math.min(maxBody, Math.max(bodyLength + more, 2 * body.length)));
            }
            piece.readBytes(body, bodyLength, more);
            bodyLength += more;
        } finally {
            piece.release();
        }
    }

    private void answer() {
        PendingCall call = current;
        ResponseHead received = head;
        if (call == null || received == null) {
            discard();
            return;
        }
        byte[] whole = bodyLength == body.length ? body : Arrays.copyOf(body, bodyLength);
        // A service that answers before it has read the question is not trusted to have read it to its end.
        boolean reusable = received.keepAlive() && !outOfStep && sent != null && sent.isSuccess() && channel.isActive();
        reset();
        if (reusable) {
            owner.released(this);
        } else {
            discard();
        }
        Fields fields = received.fields();
        call.answered(received.status(), fields, whole);
    }

    private void reset() {
        current = null;
        sent = null;
        head = null;
        body = NOTHING;
        bodyLength = 0;
        complete = false;
    }

    private String tooLarge() {
        return "body longer than " + maxBody + " bytes";
    }
}
