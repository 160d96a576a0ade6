package com.esperr.gateway.transport;

import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Listening sockets that another process has given to this one, to be found by where they listen; each is taken once. The queue of
 * connections belongs to the socket, so that none is lost. Only with epoll. Confined to the thread that composes.
 */
public final class InheritedSockets {
    // Of Linux, on all that epoll is driven on here.
    private static final int SOL_SOCKET = 1;
    private static final int SO_DOMAIN = 39;
    private static final int AF_UNIX = 1;

    private final List<Socket> left = new ArrayList<>();
    private final boolean given;

    /** These file descriptors; taken. */
    public InheritedSockets(List<Integer> descriptors) {
        descriptors.forEach(descriptor -> left.add(new Socket(descriptor)));
        given = !descriptors.isEmpty();
    }

    /** Whether there were any: then the process that had them may still run for a while. */
    public boolean given() {
        return given;
    }

    /** Those that listen at {@code address}; the caller's from now on. */
    public List<Integer> take(InetSocketAddress address) {
        List<Integer> found = new ArrayList<>();
        for (Iterator<Socket> all = left.iterator(); all.hasNext(); ) {
            Socket socket = all.next();
            if (!isUnix(socket) && same(socket.localAddress(), address)) {
                found.add(socket.intValue());
                all.remove();
            }
        }
        return List.copyOf(found);
    }

    /** Those that listen at {@code path}; the caller's from now on. */
    public List<Integer> take(Path path) {
        List<Integer> found = new ArrayList<>();
        for (Iterator<Socket> all = left.iterator(); all.hasNext(); ) {
            Socket socket = all.next();
            if (isUnix(socket) && socket.localDomainSocketAddress().path().equals(path.toString())) {
                found.add(socket.intValue());
                all.remove();
            }
        }
        return List.copyOf(found);
    }

    /** Asked first, because the address of one family would be read as that of another. */
    private static boolean isUnix(Socket socket) {
        try {
            return socket.getIntOpt(SOL_SOCKET, SO_DOMAIN) == AF_UNIX;
        } catch (IOException gone) {
            throw new IllegalStateException(gone);
        }
    }

    private static boolean same(InetSocketAddress local, InetSocketAddress wanted) {
        boolean any = wanted.getAddress() != null && wanted.getAddress().isAnyLocalAddress();
        return local.getPort() == wanted.getPort()
                && (any
                        ? local.getAddress().isAnyLocalAddress()
                        : local.getAddress().equals(wanted.getAddress()));
    }

    /** Lets go of those that nobody has taken. */
    public void closeRest() {
        for (Socket socket : left) {
            try {
                socket.close();
            } catch (IOException gone) {
                throw new IllegalStateException(gone);
            }
        }
        left.clear();
    }

    /** What accepts on such a socket of TCP. */
    public static ServerChannel tcp(int descriptor) {
        return new EpollServerSocketChannel(descriptor);
    }

    /** What accepts on such a unix socket. Unlike one that was bound by it, it leaves the file alone when it is closed. */
    public static ServerChannel unix(int descriptor) {
        return new EpollServerDomainSocketChannel(descriptor);
    }

    /**
     * Listens at {@code path}, where nothing is.
     *
     * @throws IOException if that is not possible
     */
    public static int listen(Path path, int backlog) throws IOException {
        Socket socket = Socket.newSocketDomain();
        try {
            socket.bind(new DomainSocketAddress(path.toString()));
            socket.listen(backlog);
            return socket.intValue();
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }
}
