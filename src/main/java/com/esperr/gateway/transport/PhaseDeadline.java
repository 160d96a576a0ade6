package com.esperr.gateway.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that stays in one state for too long, however many bytes trickle meanwhile: places are not for those
 * who only sit there. Confined to the event loop of its connection.
 */
public final class PhaseDeadline extends ChannelInboundHandlerAdapter {
    private final long idleNanos;
    private final long receiveNanos;
    private final long answerNanos;

    private boolean idle = true;
    private boolean endless;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> end;

    /**
     * The limits.
     *
     * @param idle between requests
     * @param receive from the first byte of a request to its end
     * @param answer from there to the end of the answer
     */
    public PhaseDeadline(Duration idle, Duration receive, Duration answer) {
        this.idleNanos = idle.toNanos();
        this.receiveNanos = receive.toNanos();
        this.answerNanos = answer.toNanos();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        waitForRequest();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        cancel();
        context = null;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (idle && !endless) {
            idle = false;
            limit(receiveNanos);
        }
        ctx.fireChannelRead(message);
    }

    /** A whole request is there and will be answered. */
    public void answer() {
        idle = false;
        limit(answerNanos);
    }

    /** The answer has been written and the next request may come. */
    public void waitForRequest() {
        idle = true;
        limit(idleNanos);
    }

    /** What happens from now on takes as long as it takes, and somebody else watches it. */
    public void none() {
        endless = true;
        cancel();
    }

    private void limit(long nanos) {
        cancel();
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            end = ctx.executor().schedule(() -> ctx.close(), nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void cancel() {
        ScheduledFuture<?> pending = end;
        if (pending != null) {
            pending.cancel(false);
            end = null;
        }
    }
}
