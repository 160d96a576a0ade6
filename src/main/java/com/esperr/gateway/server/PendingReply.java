package com.esperr.gateway.server;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One request that waits for its answer. Thread-safe where {@link ApiCall} is; the rest belongs to the event loop. */
final class PendingReply implements ApiCall {
    private static final String NOWHERE = "other";

    private final ReplyWriter writer;
    private final ChannelHandlerContext ctx;
    private final Log log;
    private final String method;
    private final int bytesIn;
    private final long startNanos = System.nanoTime();
    private final AtomicBoolean answered = new AtomicBoolean();
    private boolean keepAlive;
    private String label = NOWHERE;
    private @Nullable ApiRequest request;
    private @Nullable Caller caller;

    PendingReply(
            ReplyWriter writer, ChannelHandlerContext ctx, Log log, String method, boolean keepAlive, int bytesIn) {
        this.writer = writer;
        this.ctx = ctx;
        this.log = log;
        this.method = method;
        this.keepAlive = keepAlive;
        this.bytesIn = bytesIn;
    }

    /** The connection cannot be used after the answer. */
    void closeAfter() {
        keepAlive = false;
    }

    /** What it is about. */
    void about(String operation, ApiRequest asked) {
        label = operation;
        request = asked;
    }

    /** Who asks. */
    void by(@Nullable Caller known) {
        caller = known;
    }

    String label() {
        return label;
    }

    @Override
    public ApiRequest request() {
        if (request == null) {
            throw new IllegalStateException("request: not known yet");
        }
        return request;
    }

    @Override
    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("caller: not known (expected: an operation that needs a key)");
        }
        return caller;
    }

    @Override
    public Executor loop() {
        return writer.loop(ctx);
    }

    @Override
    public void reply(ApiReply reply) {
        if (!answered.compareAndSet(false, true)) {
            return;
        }
        if (ctx.executor().inEventLoop()) {
            write(reply);
        } else {
            ctx.executor().execute(() -> write(reply));
        }
    }

    @Override
    public @Nullable ReplyStream stream(String contentType) {
        if (!answered.compareAndSet(false, true) || !ctx.channel().isActive()) {
            return null;
        }
        ReplyStream stream = writer.stream(ctx, contentType);
        stream.onClose(() -> log(200, 0));
        return stream;
    }

    private void write(ApiReply reply) {
        boolean head = method.equals("HEAD");
        writer.write(ctx, reply, head, keepAlive);
        log(reply.status(), head ? 0 : reply.body().length);
    }

    private void log(int status, int bytesOut) {
        log.answered(method, label, caller, status, bytesIn, bytesOut, System.nanoTime() - startNanos);
    }

    /** Is told of every answer. */
    interface Log {
        /** A request was answered, or an answer that went on has ended. */
        void answered(
                String method,
                String operation,
                @Nullable Caller caller,
                int status,
                int bytesIn,
                int bytesOut,
                long nanos);
    }
}
