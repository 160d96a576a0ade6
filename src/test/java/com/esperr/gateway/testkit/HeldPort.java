package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * A port of 127.0.0.1 that a server can leave and come back to. While nobody listens there connections are refused, and yet no other
 * server and no connection is given the port: a socket that does not listen is bound to it, which Linux lets a listening one join when
 * both allow the address to be used again. Thread-safe.
 */
final class HeldPort implements AutoCloseable {
    private final SocketChannel holder;
    private final InetSocketAddress address;

    HeldPort() {
        try {
            holder = SocketChannel.open()
                    .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            address = (InetSocketAddress) holder.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException("hold a port of 127.0.0.1", e);
        }
    }

    int number() {
        return address.getPort();
    }

    /** A socket that listens at the port. */
    ServerSocket listen(int backlog) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(address, backlog);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("listen on " + address, e);
        }
    }

    /** Gives the port away. */
    @Override
    public void close() {
        try {
            holder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
