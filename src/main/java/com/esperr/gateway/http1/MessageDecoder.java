package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.MessageEnd;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What both decoders have in common: the bytes that wait, the loop over them and the bodies. Confined to the event loop of
 * its channel. It owns the buffers it was given until it fires them, or slices of them, and frees the rest when the channel
 * becomes inactive or the handler is removed.
 *
 * <p>Whatever is fired may come back into the decoder (resume, expect, close, removal), so the loop keeps nothing in local
 * variables across a fire and is entered once only.
 */
abstract sealed class MessageDecoder extends ChannelInboundHandlerAdapter permits RequestDecoder, ResponseDecoder {
    private enum Body {
        LENGTH,
        UNTIL_CLOSE,
        CHUNK_LINE,
        CHUNK_DATA,
        TRAILERS
    }

    private final long maxBody;
    private final boolean dropsTrailers;
    private final ChunkScanner chunks = new ChunkScanner();
    private final DecoderLimits limits;
    private @Nullable TrailerScanner trailers;
    private Body body = Body.LENGTH;
    private long remaining;
    private long received;

    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf input;
    private final ArrayDeque<ByteBuf> later = new ArrayDeque<>(0);
    private boolean discarding;
    private boolean looping;
    private boolean fired;

    /** A decoder that refuses trailers which belong into the head, or with {@code dropsTrailers} leaves them out. */
    MessageDecoder(DecoderLimits limits, boolean dropsTrailers) {
        this.dropsTrailers = dropsTrailers;
        this.limits = limits;
        this.maxBody = limits.body();
    }

    /** Decodes one thing; false when that needs more bytes or somebody's word. */
    abstract boolean step();

    /** The body whose length was begun is complete. */
    abstract void bodyEnded(MessageEnd end);

    /** What a fault is called on this side. */
    abstract BadMessage named(BadMessage fault);

    /** Whether an incomplete head has begun, so that nobody but the decoder knows that more bytes are needed. */
    abstract boolean insideHead();

    /** Whether a body was begun and has not ended. */
    abstract boolean bodyBegun();

    /** Whether bytes wait that were not decoded yet. */
    public final boolean hasPending() {
        return pending() != null;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        discard();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        discard();
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
        } else if (discarding || !bytes.isReadable()) {
            bytes.release();
        } else {
            if (input == null) {
                input = bytes;
            } else {
                later.add(bytes);
            }
            loop();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // What was fired makes its receiver ask for more as it has room. Asking here as well would let a peer fill
        // the memory by ending every packet inside a chunk size.
        boolean unheard = !fired && bodyBegun();
        fired = false;
        if (!discarding && (unheard || insideHead())) {
            ctx.read();
        }
        ctx.fireChannelReadComplete();
    }

    /** Decodes what can be decoded. */
    final void loop() {
        if (looping) {
            return;
        }
        looping = true;
        try {
            boolean more = true;
            while (more && !discarding) {
                more = step();
            }
            // A buffer that was read to its end must not stay with a connection that waits or idles.
            pending();
        } finally {
            looping = false;
        }
    }

    final @Nullable ChannelHandlerContext context() {
        return context;
    }

    final boolean discarding() {
        return discarding;
    }

    /** The buffer with the next byte, or null when none waits. */
    final @Nullable ByteBuf pending() {
        while (input != null && !input.isReadable()) {
            input.release();
            input = later.poll();
        }
        return input;
    }

    /** Hands {@code message} to the next handler. */
    final void fire(Object message) {
        fired = true;
        if (context != null) {
            context.fireChannelRead(message);
        }
    }

    /** Ends decoding for good. */
    final void fail(BadMessage fault) {
        discard();
        fire(named(fault));
    }

    /** Frees what waits, and everything that still comes. */
    final void discard() {
        discarding = true;
        while (input != null) {
            input.release();
            input = later.poll();
        }
    }

    /** Prepares for a body of {@code length}, which is a number or a constant of {@link BodyLength}. */
    final void beginBody(long length) {
        received = 0;
        remaining = length;
        if (length >= 0) {
            body = Body.LENGTH;
        } else if (length == BodyLength.CHUNKED) {
            body = Body.CHUNK_LINE;
            chunks.begin();
        } else {
            body = Body.UNTIL_CLOSE;
            remaining = Long.MAX_VALUE;
        }
    }

    /** Whether the body that was begun ends with the connection. */
    final boolean bodyUntilClose() {
        return body == Body.UNTIL_CLOSE;
    }

    /** Decodes the next piece of the body. */
    final boolean stepBody() {
        if (body == Body.LENGTH && remaining == 0) {
            bodyEnded(MessageEnd.PLAIN);
            return true;
        }
        ByteBuf in = pending();
        if (in == null) {
            return false;
        }
        return switch (body) {
            case LENGTH, UNTIL_CLOSE -> data(in);
            case CHUNK_LINE -> chunkLine(in);
            case CHUNK_DATA -> chunkData(in);
            case TRAILERS -> trailers(in);
        };
    }

    private boolean chunkLine(ByteBuf in) {
        switch (chunks.scan(in)) {
            case MORE -> {}
            case BAD -> fail(chunks.fault());
            case DONE -> {
                remaining = chunks.size();
                if (remaining > maxBody - received) {
                    fail(new BadMessage(
                            FailureReason.BODY_TOO_LARGE, "body: more than " + maxBody + " bytes (expected: fewer)"));
                } else if (remaining == 0) {
                    body = Body.TRAILERS;
                    trailerScanner().begin();
                } else {
                    received += remaining;
                    body = Body.CHUNK_DATA;
                }
            }
        }
        return true;
    }

    private boolean chunkData(ByteBuf in) {
        if (in.readableBytes() >= remaining) {
            body = Body.CHUNK_LINE;
        }
        return data(in);
    }

    private boolean trailers(ByteBuf in) {
        TrailerScanner scanner = trailerScanner();
        switch (scanner.scan(in)) {
            case MORE -> {}
            case BAD -> fail(scanner.fault());
            case DONE -> bodyEnded(scanner.end());
        }
        return true;
    }

    private TrailerScanner trailerScanner() {
        TrailerScanner scanner = trailers;
        if (scanner == null) {
            scanner = new TrailerScanner(limits, dropsTrailers);
            trailers = scanner;
        }
        return scanner;
    }

    private boolean data(ByteBuf in) {
        int readable = in.readableBytes();
        if (readable <= remaining) {
            remaining -= readable;
            input = later.poll();
            fire(in);
        } else {
            int length = (int) remaining;
            remaining = 0;
            fire(in.readRetainedSlice(length));
        }
        return true;
    }
}
