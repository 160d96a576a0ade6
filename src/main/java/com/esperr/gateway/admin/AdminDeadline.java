package com.esperr.gateway.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection of the operator port that stays in one state for too long, however many bytes trickle meanwhile: the
 * 64 places are not for those who only sit there. Confined to the event loop of its connection.
 */
final class AdminDeadline extends ChannelInboundHandlerAdapter {
    private static final int IDLE_SECONDS = 75;
    private static final int RECEIVE_SECONDS = 5;
    private static final int ANSWER_SECONDS = 10;

    private final Places places;
    private boolean idle = true;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> end;

    AdminDeadline(Places places) {
        this.places = places;
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
        if (idle) {
            idle = false;
            limit(RECEIVE_SECONDS);
        }
        ctx.fireChannelRead(message);
    }

    /** A whole request is there and will be answered. */
    void answer() {
        idle = false;
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            places.asked(ctx.channel());
        }
        limit(ANSWER_SECONDS);
    }

    /** The answer has been written and the next request may come. */
    void waitForRequest() {
        idle = true;
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            places.answered(ctx.channel());
        }
        limit(IDLE_SECONDS);
    }

    private void limit(int seconds) {
        cancel();
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            end = ctx.executor().schedule(() -> ctx.close(), seconds, TimeUnit.SECONDS);
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
