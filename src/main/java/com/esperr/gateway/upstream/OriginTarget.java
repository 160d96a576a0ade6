package com.esperr.gateway.upstream;

import com.esperr.gateway.net.OriginUrl;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where an application listens: at a host and port, or at a socket in the file system. Immutable.
 *
 * @param url scheme, host and port; what stands in for them at a socket
 * @param socket the absolute path of the socket, or null
 */
public record OriginTarget(OriginUrl url, @Nullable Path socket) {
    static final String EXPECTED = "http(s)://HOST[:PORT], or unix:/PATH of a socket";

    private static final String UNIX = "unix:";
    private static final OriginUrl LOCAL = OriginUrl.parse("http://localhost");
    /** What the kernel takes (struct sockaddr_un), less the closing zero. */
    private static final int LONGEST_PATH = 107;

    /**
     * Reads a URL or {@code unix:/path}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static OriginTarget parse(String text) {
        return text.startsWith(UNIX)
                ? new OriginTarget(LOCAL, path(text.substring(UNIX.length())))
                : new OriginTarget(OriginUrl.parse(text), null);
    }

    private static Path path(String text) {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute() && text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH) {
                return path;
            }
        } catch (InvalidPathException notOne) {
            throw new IllegalArgumentException(text, notOne);
        }
        throw new IllegalArgumentException(text);
    }

    /** Whether TLS is spoken there. */
    boolean secure() {
        return url.scheme() == OriginUrl.Scheme.HTTPS;
    }

    /** The Host header for it. */
    public String hostHeader() {
        return url.hostHeader();
    }

    /** Host and port, or the socket: the label in the log and in metrics. */
    String label() {
        return socket == null ? url.address().toString() : UNIX + socket;
    }

    @Override
    public String toString() {
        return socket == null ? url.toString() : UNIX + socket;
    }
}
