package com.esperr.gateway.listen;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of a unix socket: made room for before it is listened on, and given its permissions. Stateless; blocks on the disk. */
final class SocketFile {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private SocketFile() {}

    /**
     * Removes the file that a process left behind which could not.
     *
     * @throws IOException if there is something else, or somebody listens there
     */
    static void makeRoom(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isSocket(path)) {
            throw new IOException("there is a file that is no socket");
        }
        if (isHeard(path)) {
            throw new IOException("somebody listens there");
        }
        Files.deleteIfExists(path);
    }

    /** Removes what was listened on, if it is still there. */
    static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException kept) {
            LOG.debug("{} stays: {}", path, kept.toString());
        }
    }

    /** Lets those connect who may. */
    static void permit(Path path, Set<PosixFilePermission> permissions) throws IOException {
        Files.setPosixFilePermissions(path, permissions);
    }

    private static boolean isSocket(Path path) throws IOException {
        return Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) instanceof Integer mode
                && (mode & TYPE) == SOCKET;
    }

    private static boolean isHeard(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Not waiting: a full queue is somebody, too.
            probe.configureBlocking(false);
            return probe.connect(UnixDomainSocketAddress.of(path)) || probe.isConnectionPending();
        } catch (java.net.ConnectException nobody) {
            return false;
        }
    }
}
