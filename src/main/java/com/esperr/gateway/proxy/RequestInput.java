package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.BadMessage;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What of one request has come on a stream and has not gone on to its exchange; confined to the event loop of its connection. The
 * frames tell where a body ends, and a length that was declared must agree (RFC 9113 section 8.1.1, RFC 9114 section 4.1.2). An
 * origin of HTTP/1.1 goes by the length alone, so what completes the request there, its last piece or, with a length of zero, its
 * head, waits for the end of the stream: until then more may come that makes the request malformed. Owns what it holds.
 */
final class RequestInput {
    private final ClientStream client;
    private final Supplier<Exchange> exchange;
    private final LimitsConfig limits;
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(0);
    private final Stall endless = new Stall();
    private @Nullable RequestHead waiting;
    private @Nullable MessageEnd end;
    private long declared = BodyLength.CHUNKED;
    private long most;
    private long received;
    private boolean bodyExpected;
    private boolean resumed;
    private boolean wanted = true;
    private boolean ended;
    private boolean told;
    private boolean over;

    /** Of {@code client}, whose exchange is made when it is first asked for. */
    RequestInput(ClientStream client, Supplier<Exchange> exchange, LimitsConfig limits) {
        this.client = client;
        this.exchange = exchange;
        this.limits = limits;
        this.most = limits.decoder().body();
    }

    /** The head is here, and with it the end if {@code last}; nothing is done about it until {@link #begin}. */
    void head(RequestHead head, boolean last) {
        waiting = head;
        ended = last;
        declared = head.bodyLength();
        bodyExpected = head.hasBody();
    }

    /** What comes behind the head is no body of it, and goes on for ever. */
    void unbounded() {
        declared = BodyLength.CHUNKED;
        most = Long.MAX_VALUE;
    }

    /** Does what the head asks for, if that is still wanted, and nothing can make it wrong any more. */
    void begin() {
        RequestHead head = waiting;
        if (head == null || over) {
            return;
        }
        if (ended || declared != 0) {
            waiting = null;
            exchange.get().begin(head);
        } else if (!told && head.fields().contains(FieldName.EXPECT)) {
            // It may wait for that before it ends, although there is nothing to be sent (RFC 9110 section 10.1.1).
            told = true;
            client.output().writeContinue();
        }
    }

    /** The request cannot be understood; its head is only noted if nothing was done about it yet. */
    void refuse(BadMessage bad) {
        RequestHead head = waiting;
        waiting = null;
        if (!over) {
            exchange.get().broken(head, bad);
        }
    }

    /** A piece of the body, which stays the caller's; the stream ends with it if {@code last}, of which {@link #end} tells as well. */
    void data(ByteBuf data, boolean last) {
        int length = data.readableBytes();
        received += length;
        if (declared >= 0 && received > declared) {
            refuse(new BadMessage(
                    FailureReason.AMBIGUOUS_FRAMING,
                    "body: longer than its content-length (expected: " + declared + ")"));
        } else if (received > most) {
            refuse(new BadMessage(
                    FailureReason.BODY_TOO_LARGE, "body: more than " + most + " bytes (expected: fewer)"));
        } else if (length > 0 && resumed && pieces.isEmpty() && (last || !completes())) {
            exchange.get().requestData(data.retain());
        } else if (length > 0) {
            pieces.add(data.retain());
        }
    }

    /** The request is complete. */
    void end(MessageEnd how) {
        if (ended || over) {
            return;
        }
        ended = true;
        if (declared > received) {
            refuse(new BadMessage(
                    FailureReason.AMBIGUOUS_FRAMING,
                    "body: " + received + " bytes, shorter than its content-length (expected: " + declared + ")"));
        } else if (bodyExpected) {
            end = how;
            goOn();
        }
    }

    /** Whether all that was declared has come, and only the end of the stream has not. */
    private boolean completes() {
        return !ended && received == declared;
    }

    private void goOn() {
        // The exchange may be over behind any of these, and then nothing is held.
        while (resumed && pieces.size() > (completes() ? 1 : 0)) {
            exchange.get().requestData(pieces.remove());
        }
        MessageEnd how = end;
        if (resumed && how != null) {
            end = null;
            exchange.get().requestEnd(how);
        }
    }

    /** The body may go on. */
    void resume() {
        resumed = true;
        wanted = true;
        goOn();
    }

    /** What comes from now on are the bytes of another protocol. */
    void tunnel() {
        unbounded();
        bodyExpected = true;
        resume();
    }

    /** Whether more of the body is to come. */
    void wanted(boolean on) {
        wanted = on;
    }

    /** Whether the body goes on as it comes. */
    boolean flows() {
        return wanted && resumed;
    }

    /** Whether some of the body has not gone on. */
    boolean holds() {
        return !pieces.isEmpty();
    }

    /** Whether a body follows, or could have. */
    boolean bodyExpected() {
        return bodyExpected;
    }

    /** Refuses a request of which nothing but the end is missing, for too long; whether it did. A body that stops has the limits of its exchange. */
    boolean overdue(long now) {
        if (waiting == null || over || !endless.longerThan(limits.bodyTimeout().toNanos(), 0, now)) {
            return false;
        }
        refuse(new BadMessage(FailureReason.REQUEST_TIMEOUT, "no end of the request within limits.body-timeout"));
        return true;
    }

    /** The exchange is over, or will be: frees what is held, and nothing goes on any more. */
    void release() {
        over = true;
        waiting = null;
        end = null;
        for (ByteBuf piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            piece.release();
        }
    }
}
