package com.esperr.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** How our side of a connection is closed while the other may still speak, with TLS or without. Stateless. */
public final class OutputEnd {
    private OutputEnd() {}

    /** Closes our side of {@code channel} behind what was written; on its event loop. */
    public static void of(Channel channel) {
        if (!(channel instanceof DuplexChannel duplex)) {
            channel.close();
            return;
        }
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            duplex.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(said -> duplex.shutdownOutput());
        }
    }
}
