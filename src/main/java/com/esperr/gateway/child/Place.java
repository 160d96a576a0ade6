package com.esperr.gateway.child;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the application is to listen. Immutable.
 *
 * @param host if not at a socket
 * @param port there
 * @param socket the path of the socket, or null
 */
public record Place(String host, int port, @Nullable Path socket) {
    /**
     * The one that {@code config} says, or a port that nobody has at this moment, and no connection is given.
     *
     * @throws IOException if there is none
     */
    public static Place of(ExecConfig config) throws IOException {
        if (config.socket() != null || config.port() > 0) {
            return new Place(config.host(), config.port(), config.socket());
        }
        return new Place(config.host(), FreePorts.next(InetAddress.getByName(config.host())), null);
    }

    /** Whether it is a port, not a socket. */
    boolean isPort() {
        return socket == null;
    }

    /** It as {@code origin.url}. */
    public String url() {
        return socket == null ? "http://" + bracketed() + ":" + port : "unix:" + socket;
    }

    private String bracketed() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /** What the application finds in its environment. */
    Map<String, String> environment() {
        // Node takes the path of a socket for a port, and so do frameworks over it.
        return socket == null
                ? Map.of("PORT", Integer.toString(port))
                : Map.of("PORT", socket.toString(), "SOCKET", socket.toString());
    }

    /** Takes away what an application left that was killed: nobody can bind a path that is there. */
    void clear() throws IOException {
        if (socket != null) {
            Files.deleteIfExists(socket);
        }
    }

    SocketAddress address() {
        return socket == null ? new InetSocketAddress(host, port) : UnixDomainSocketAddress.of(socket);
    }

    SocketChannel open() throws IOException {
        return socket == null ? SocketChannel.open() : SocketChannel.open(StandardProtocolFamily.UNIX);
    }

    @Override
    public String toString() {
        return socket == null ? bracketed() + ":" + port : socket.toString();
    }
}
