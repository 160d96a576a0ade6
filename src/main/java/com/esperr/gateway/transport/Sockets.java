package com.esperr.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One way of driving sockets: its handler and its types of sockets. Immutable.
 *
 * @param name the word for log and metrics
 * @param server listens on TCP
 * @param unixServer listens on a unix socket
 */
record Sockets(
        String name,
        IoHandlerFactory factory,
        Class<? extends ServerSocketChannel> server,
        Class<? extends SocketChannel> client,
        Class<? extends DatagramChannel> datagram,
        Class<? extends ServerChannel> unixServer,
        Class<? extends Channel> unixClient) {
    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

    /**
     * The one that is asked for.
     *
     * @throws IllegalStateException if it does not work here
     */
    static Sockets of(TransportConfig.Transport wanted) {
        Throwable cause = unavailable(wanted);
        if (cause != null) {
            throw new IllegalStateException("runtime.transport: " + wanted.label() + " is not available here: "
                    + reason(cause) + " (expected: auto or nio)");
        }
        return switch (wanted) {
            case AUTO -> best();
            case EPOLL -> epoll();
            case IO_URING -> ioUring();
            case KQUEUE -> kqueue();
            case NIO -> nio();
        };
    }

    /** Why this one does not work here, or null if it does. */
    static @Nullable Throwable unavailable(TransportConfig.Transport wanted) {
        return switch (wanted) {
            case AUTO, NIO -> null;
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> IoUring.unavailabilityCause();
            case KQUEUE -> KQueue.unavailabilityCause();
        };
    }

    /** Whether several sockets may listen on one TCP port and share its connections out (SO_REUSEPORT). */
    boolean sharesPorts() {
        // The JDK has it too, but nothing says that its kernel balances.
        return server == EpollServerSocketChannel.class || server == IoUringServerSocketChannel.class;
    }

    /** The address of a unix socket as these sockets want it. */
    SocketAddress unixAddress(Path path) {
        return server == NioServerSocketChannel.class
                ? UnixDomainSocketAddress.of(path)
                : new DomainSocketAddress(path.toFile());
    }

    private static Sockets best() {
        if (Epoll.isAvailable()) {
            return epoll();
        }
        if (KQueue.isAvailable()) {
            return kqueue();
        }
        LOG.warn(
                "runtime.transport: neither epoll nor kqueue works here, the slower nio is used: {}",
                reason(Epoll.unavailabilityCause()));
        return nio();
    }

    private static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private static Sockets epoll() {
        return new Sockets(
                "epoll",
                LastingEpoll.factory(),
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                EpollDatagramChannel.class,
                EpollServerDomainSocketChannel.class,
                EpollDomainSocketChannel.class);
    }

    private static Sockets ioUring() {
        return new Sockets(
                "io_uring",
                IoUringIoHandler.newFactory(),
                IoUringServerSocketChannel.class,
                IoUringSocketChannel.class,
                IoUringDatagramChannel.class,
                IoUringServerDomainSocketChannel.class,
                IoUringDomainSocketChannel.class);
    }

    private static Sockets kqueue() {
        return new Sockets(
                "kqueue",
                KQueueIoHandler.newFactory(),
                KQueueServerSocketChannel.class,
                KQueueSocketChannel.class,
                KQueueDatagramChannel.class,
                KQueueServerDomainSocketChannel.class,
                KQueueDomainSocketChannel.class);
    }

    private static Sockets nio() {
        return new Sockets(
                "nio",
                NioIoHandler.newFactory(),
                NioServerSocketChannel.class,
                NioSocketChannel.class,
                NioDatagramChannel.class,
                NioServerDomainSocketChannel.class,
                NioDomainSocketChannel.class);
    }
}
