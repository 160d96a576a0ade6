package com.esperr.gateway.proxy;

import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContext;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a request body, which is looked into before the decision and sent on after it; confined to the event
 * loop of its exchange. Owns its pieces until they are replayed or dropped. Holds little more than the reader's limit, as
 * nothing more is read from the client once that is reached.
 */
final class HeldBody implements Held {
    private final ClientStream client;
    private final BodyReader reader;
    private final RequestContext request;
    private final Clock clock;
    private final LongConsumer ready;
    private final Runnable released;
    private final long since;
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(4);
    private long bytes;
    private boolean waiting = true;
    private boolean over;
    private @Nullable MessageEnd end;

    /**
     * Holds nothing yet.
     *
     * @param ready told once, when the request's body fields are known, at what time that is
     * @param released told once, when nothing is held any more
     */
    HeldBody(
            ClientStream client,
            BodyReader reader,
            Clock clock,
            RequestContext request,
            LongConsumer ready,
            Runnable released) {
        this.client = client;
        this.reader = reader;
        this.request = request;
        this.clock = clock;
        this.since = clock.nanos();
        this.ready = ready;
        this.released = released;
    }

    /** Lets the body come; a client that waits to be told to send it is told so. */
    @Override
    public void begin() {
        RequestHead head = request.head();
        if (head.expectsContinue()) {
            client.output().writeContinue();
        }
        client.resumeRequest();
    }

    /** Whether the client was told to send its body. */
    @Override
    public boolean continued() {
        return request.head().expectsContinue();
    }

    /** Takes a piece; false if it is not held but forwarded by now. */
    @Override
    public boolean takes(ByteBuf piece) {
        if (over) {
            return false;
        }
        pieces.add(piece);
        bytes += piece.readableBytes();
        if (bytes >= reader.limit()) {
            look();
        }
        return true;
    }

    /** Takes the end; false if it is not held but forwarded by now. */
    @Override
    public boolean takes(MessageEnd ended) {
        if (over) {
            return false;
        }
        end = ended;
        look();
        return true;
    }

    /** Whether all of the body is held. */
    @Override
    public boolean whole() {
        return !over && end != null;
    }

    /** A client that sends slowly does not hold up the decision for ever. */
    @Override
    public void sweep(long now) {
        if (now - since > reader.timeout().toNanos()) {
            look();
        }
    }

    /** Sends on what is held, the end to {@code ended}, and lets the rest come. */
    @Override
    public void replay(Consumer<ByteBuf> data, Consumer<MessageEnd> ended) {
        end();
        // Before the pieces, whose receiver may have to stop reading again.
        client.reading(true);
        for (ByteBuf piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            data.accept(piece);
        }
        if (end != null) {
            ended.accept(end);
        }
    }

    /** Frees what was not sent on; true if that included the end. */
    @Override
    public boolean drop() {
        boolean ended = whole();
        end();
        waiting = false;
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        return ended;
    }

    private void end() {
        if (!over) {
            over = true;
            released.run();
        }
    }

    private void look() {
        if (!waiting) {
            return;
        }
        waiting = false;
        client.reading(end != null);
        byte[] beginning = new byte[(int) Math.min(reader.limit(), bytes)];
        int at = 0;
        for (ByteBuf piece : pieces) {
            int length = Math.min(piece.readableBytes(), beginning.length - at);
            piece.getBytes(piece.readerIndex(), beginning, at, length);
            at += length;
        }
        boolean partial = end == null || bytes > reader.limit();
        request.bodyFields(reader.read(request, beginning, partial));
        ready.accept(clock.nanos());
    }
}
