package com.esperr.gateway.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the body pieces it is given as they are. */
final class Pieces extends ChannelInboundHandlerAdapter {
    private final List<ByteBuf> all = new ArrayList<>();

    @Nullable
    ByteBuf last;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf piece) {
            last = piece;
            all.add(piece);
        }
    }

    /** Releases them. */
    void free() {
        all.forEach(ByteBuf::release);
        all.clear();
    }
}
