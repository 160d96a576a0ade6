package com.esperr.gateway.boot;

import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.InheritedSockets;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the listening sockets of this process to the one that follows it, over a unix socket that only this user can open (SCM_RIGHTS):
 * both then listen on the same sockets, with one queue of connections, and it does not matter to a visitor which of them accepts. When the
 * next one is ready it says so, with one byte, and this one goes; if it ends before, nothing has happened. A thread of its own waits.
 * Thread-safe.
 */
final class Handover implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
    private static final String EPOLL = "epoll";
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int ADDRESS_BYTES = 26;
    private static final byte READY = 'R';

    private final HandoverConfig config;
    private final @Nullable Socket before;
    private final InheritedSockets inherited;
    private volatile @Nullable Socket listener;
    private volatile @Nullable Object key;
    private volatile boolean closed;

    private Handover(HandoverConfig config, @Nullable Socket before, List<Integer> descriptors) {
        this.config = config;
        this.before = before;
        this.inherited = new InheritedSockets(descriptors);
    }

    /**
     * Takes the listening sockets of the process that runs, if there is one; blocks until they are here.
     *
     * @throws IOException if they do not come; the message names the key
     */
    static Handover begin(HandoverConfig config, EventLoops loops) throws IOException {
        Path path = config.socket();
        if (path == null) {
            return new Handover(config, null, List.of());
        }
        if (!loops.name().equals(EPOLL)) {
            throw new IOException("handover.socket: " + path + " needs epoll, not " + loops.name()
                    + " (expected: runtime.transport = epoll, or empty)");
        }
        Socket running = Socket.newSocketDomain();
        try {
            if (!running.connect(new DomainSocketAddress(path.toString()))) {
                throw new IOException("busy");
            }
        } catch (IOException nobody) {
            running.close();
            return new Handover(config, null, List.of());
        }
        List<Integer> descriptors = receive(running, path);
        LOG.info("handover: took over {} listening sockets", descriptors.size());
        return new Handover(config, running, descriptors);
    }

    private static List<Integer> receive(Socket running, Path path) throws IOException {
        List<Integer> descriptors = new ArrayList<>();
        long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE_NANOS) {
            int received = running.recvFd();
            if (received > 0) {
                descriptors.add(received);
            } else if (received < 0) {
                return descriptors;
            } else {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        running.close();
        throw new IOException("handover.socket: " + path
                + ", no listening sockets within 10 s (expected: a running gateway, or no file)");
    }

    /** What the process before has given. */
    InheritedSockets inherited() {
        return inherited;
    }

    /** Whether there is a process before that waits until this one is ready. */
    boolean replaces() {
        return before != null;
    }

    /** How long this process may take to become ready. */
    Duration readyTimeout() {
        return config.readyTimeout();
    }

    /**
     * This process serves: the one before, if there is one, may go, and whoever comes next can take over from this.
     *
     * @param descriptors of what it listens on
     * @param replaced what is done when the next one serves
     * @throws IOException if the socket cannot be listened on; the message names the key
     */
    void complete(Supplier<List<Integer>> descriptors, Runnable replaced) throws IOException {
        inherited.closeRest();
        Path path = config.socket();
        if (path == null) {
            return;
        }
        try {
            offer(path, descriptors, replaced);
        } catch (IOException refused) {
            throw new IOException(
                    "handover.socket: " + path + " cannot be listened on: " + refused.getMessage()
                            + " (expected: a path in a directory that can be written)",
                    refused);
        }
        Socket last = before;
        if (last != null) {
            ByteBuffer word = ByteBuffer.allocateDirect(1).put(0, READY);
            if (last.write(word, 0, 1) != 1) {
                LOG.warn("handover: the process before cannot be told to go");
            }
            last.close();
        }
    }

    /** Under another name first, so that nobody finds it before it is protected, and then in place of that of the process before. */
    private void offer(Path path, Supplier<List<Integer>> descriptors, Runnable replaced) throws IOException {
        Path made = path.resolveSibling(
                path.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(made);
        Socket socket = new Socket(InheritedSockets.listen(made, 1));
        listener = socket;
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
        key = Files.readAttributes(made, BasicFileAttributes.class).fileKey();
        Files.move(made, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Thread waiting = new Thread(() -> serve(socket, descriptors, replaced), "handover");
        waiting.setDaemon(true);
        waiting.start();
    }

    private void serve(Socket socket, Supplier<List<Integer>> descriptors, Runnable replaced) {
        boolean done = false;
        while (!closed && !done) {
            try {
                int accepted = socket.accept(new byte[ADDRESS_BYTES]);
                if (accepted < 0) {
                    LockSupport.parkNanos(POLL_NANOS);
                } else {
                    done = give(new Socket(accepted), descriptors.get());
                }
            } catch (IOException failed) {
                if (!closed) {
                    LOG.warn("handover: {}", failed.toString());
                    LockSupport.parkNanos(PATIENCE_NANOS / 10);
                }
            }
        }
        if (done) {
            LOG.info("handover: another process serves, this one ends");
            replaced.run();
        }
    }

    /** Gives them away; whether whoever took them serves now. */
    private boolean give(Socket next, List<Integer> descriptors) throws IOException {
        try {
            long start = System.nanoTime();
            for (int descriptor : descriptors) {
                while (next.sendFd(descriptor) < 0) {
                    if (System.nanoTime() - start > PATIENCE_NANOS) {
                        return false;
                    }
                    LockSupport.parkNanos(POLL_NANOS);
                }
            }
            next.shutdown(false, true);
            LOG.info("handover: gave {} listening sockets to another process", descriptors.size());
            return awaitReady(next);
        } finally {
            next.close();
        }
    }

    private boolean awaitReady(Socket next) throws IOException {
        ByteBuffer word = ByteBuffer.allocateDirect(1);
        while (!closed) {
            int read = next.read(word, 0, 1);
            if (read != 0) {
                boolean ready = read == 1 && word.get(0) == READY;
                if (!ready) {
                    LOG.warn("handover: the other process ended before it was ready; this one goes on");
                }
                return ready;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return false;
    }

    /** Offers nothing any more; the file goes if it is still that of this process. */
    @Override
    public void close() throws IOException {
        Socket offered = listener;
        Path path = config.socket();
        if (closed || offered == null || path == null) {
            closed = true;
            return;
        }
        closed = true;
        offered.close();
        try {
            Object now = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            if (now != null && now.equals(key)) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            LOG.debug("handover: {} is gone already", path);
        }
    }
}
