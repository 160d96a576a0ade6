package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Visitors who come at a rate of their own, whether or not those before them have been answered, as a crowd does and a benchmark with a
 * fixed number of connections does not. Each has a connection while he waits; it is kept for a later one. Confined to the thread of the
 * test; bounded in rate, time and connections.
 */
public final class OpenLoad implements AutoCloseable {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)");

    private final int port;
    private final Selector selector;
    private final List<Group> groups = new ArrayList<>();

    private OpenLoad(int port) throws IOException {
        this.port = port;
        this.selector = Selector.open();
    }

    /** At that port of 127.0.0.1. */
    public static OpenLoad at(int port) {
        try {
            return new OpenLoad(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many a second of whom each sends {@code request}, which must have no body, on at most so many connections. */
    public Group group(String request, int perSecond, int connections) {
        Group group = new Group(request.getBytes(StandardCharsets.ISO_8859_1), perSecond, connections);
        groups.add(group);
        return group;
    }

    /** They come for that long, and then the last ones are waited for until {@code patience} is over. */
    public void run(Duration time, Duration patience) {
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        long last = end + patience.toNanos();
        try {
            for (long now = begin; now < end || (now < last && waiting() > 0); now = System.nanoTime()) {
                long until = Math.min(now, end);
                for (Group group : groups) {
                    group.comeUntil(begin, until);
                }
                selector.select(1);
                for (SelectionKey key : selector.selectedKeys()) {
                    ((Visitor) key.attachment()).ready();
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long waiting() {
        return groups.stream().mapToLong(Group::unanswered).sum();
    }

    @Override
    public void close() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those who send the same. */
    public final class Group {
        private final byte[] request;
        private final int perSecond;
        private final int most;
        private final Deque<Visitor> idle = new ArrayDeque<>();
        private final Map<Integer, Integer> statuses = new TreeMap<>();
        private final List<Long> times = new ArrayList<>();
        private int open;
        private long come;
        private long sent;
        private long answered;
        private long lost;

        private Group(byte[] request, int perSecond, int most) {
            this.request = request;
            this.perSecond = perSecond;
            this.most = most;
        }

        private void comeUntil(long begin, long now) throws IOException {
            for (long due = (now - begin) * perSecond / 1_000_000_000L; come < due; come++) {
                Visitor visitor = idle.poll();
                if (visitor == null && open < most) {
                    visitor = new Visitor(this);
                    open++;
                }
                if (visitor != null) {
                    sent++;
                    visitor.ask();
                }
            }
        }

        private long unanswered() {
            return sent - answered - lost;
        }

        /** Requests that were sent; fewer than wanted came if connections were too few. */
        public long sent() {
            return sent;
        }

        /** How many got an answer with that status. */
        public int count(int status) {
            return statuses.getOrDefault(status, 0);
        }

        /** Answers by status. */
        public Map<Integer, Integer> statuses() {
            return Map.copyOf(statuses);
        }

        /** How many got no answer, as their connection ended or their time was over. */
        public long lost() {
            return sent - answered;
        }

        /** The time within which that share of the answers came, in milliseconds. */
        public double millis(double share) {
            List<Long> sorted = times.stream().sorted().toList();
            return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1L, sorted.size() * share)) / 1e6;
        }
    }

    /** A connection and who has it. */
    private final class Visitor {
        private final Group group;
        private final SocketChannel channel;
        private final SelectionKey key;
        private final ByteBuffer input = ByteBuffer.allocate(64 << 10);
        private ByteBuffer output = ByteBuffer.allocate(0);
        private long since;

        Visitor(Group group) throws IOException {
            this.group = group;
            this.channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.configureBlocking(false);
            this.key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void ask() {
            since = System.nanoTime();
            output = ByteBuffer.wrap(group.request);
            ready();
        }

        void ready() {
            try {
                channel.write(output);
                key.interestOps(
                        output.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
                if (channel.read(input) < 0) {
                    end();
                } else {
                    read();
                }
            } catch (IOException broken) {
                end();
            }
        }

        private void read() {
            String text = new String(input.array(), 0, input.position(), StandardCharsets.ISO_8859_1);
            int head = text.indexOf("\r\n\r\n");
            if (head < 0) {
                return;
            }
            Matcher length = LENGTH.matcher(text.substring(0, head));
            Matcher status = STATUS.matcher(text);
            int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
            if (!status.lookingAt() || text.length() < head + 4 + body) {
                return;
            }
            group.answered++;
            group.statuses.merge(Integer.parseInt(status.group(1)), 1, Integer::sum);
            group.times.add(System.nanoTime() - since);
            input.clear();
            group.idle.push(this);
        }

        private void end() {
            boolean idle = group.idle.remove(this);
            if (!idle) {
                group.lost++;
            }
            group.open--;
            key.cancel();
            try {
                channel.close();
            } catch (IOException alreadyGone) {
                // It is closed then.
            }
        }
    }
}
