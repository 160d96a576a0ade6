package com.esperr.gateway.replay;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.esper.KeyedHash;
import com.esperr.gateway.esper.Treatment;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records decided requests. Thread-safe: facts are read on the event loop of the request, redacted and written by a thread of its
 * own; when too many wait, requests are dropped and counted.
 */
public final class Recorder implements ExchangeListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
    private static final long PAUSE_MILLIS = 100;
    private static final long CLOSE_MILLIS = 5000;
    /** Lines between two flushes, so that they are counted soon also while there are always more. */
    private static final int BATCH = 1024;

    private final RecordConfig config;
    private final KeyedHash hash;
    private final RotatingFile file;
    private final List<String> names;
    private final BlockingQueue<Recorded> queue;
    private final LongAdder recorded = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;
    private final boolean follows;
    private volatile @Nullable Thread predecessor;
    private volatile boolean closed;
    private boolean failing;

    private Recorder(RecordConfig config, RotatingFile file, @Nullable Recorder before) {
        this.config = config;
        // A key of this process stays one and the same.
        boolean same = before != null && Objects.equals(config.hashKey(), before.config.hashKey());
        this.hash = before != null && same ? before.hash : config.hash();
        this.follows = before != null && Objects.equals(config.file(), before.config.file());
        this.predecessor = before == null ? null : before.thread;
        this.file = file;
        this.names = config.fields().stream().map(RecordedField::name).toList();
        this.queue = new ArrayBlockingQueue<>(config.queue());
        this.thread = new Thread(this::run, "record");
        thread.setDaemon(true);
    }

    /** The same in nobody's place. */
    static @Nullable Recorder open(RecordConfig config) throws IOException {
        return open(config, null);
    }

    /**
     * Begins to record, or answers null if nothing is to be recorded.
     *
     * @param before in whose place, or null; with the same file what comes waits until {@link #leaveTo} has let that go
     * @throws IOException if the file cannot be written; the message names the key
     */
    public static @Nullable Recorder open(RecordConfig config, @Nullable Recorder before) throws IOException {
        Path path = config.file();
        if (path == null) {
            return null;
        }
        try {
            RotatingFile file = new RotatingFile(path, config.bytes(), config.keep());
            Recorder recorder = new Recorder(config, file, before);
            if (!recorder.follows) {
                file.open();
                recorder.thread.start();
            }
            return recorder;
        } catch (IOException unwritable) {
            throw new IOException("record.file: " + path + " (expected: a file that can be written)", unwritable);
        }
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        RequestContext request = exchange.request();
        Decision decision = exchange.decision();
        if (request == null || decision == null) {
            return;
        }
        List<@Nullable String> values = new ArrayList<>(config.fields().size());
        for (RecordedField field : config.fields()) {
            values.add(field.reference().value(request));
        }
        IpAddress client = request.clientAddress();
        Recorded facts = new Recorded(
                request.observedAtMillis(),
                request.reference(),
                request.method(),
                request.forwardPath(),
                client == null ? null : client.toString(),
                request.userAgent(),
                names,
                values,
                request.bot(),
                request.tier() == Tier.EXEMPT,
                request.site().policies(),
                said(decision));
        if (closed || !queue.offer(facts)) {
            dropped.increment();
        }
    }

    /** What policies said, also where somebody was spared it; null if it was not they who were asked. */
    private static Recorded.@Nullable Said said(Decision decision) {
        Cause cause = decision.cause();
        return switch (cause.source()) {
            case "local", "default" -> new Recorded.Said(decision.action(), cause.policy(), cause.clause());
            case "pass", "bot" ->
                cause.policy() == null ? null : new Recorded.Said(Action.CHALLENGE, cause.policy(), cause.clause());
            default -> null;
        };
    }

    /** Requests whose lines the system has taken. */
    public long recorded() {
        return recorded.sum();
    }

    /** Requests that were not, because too many waited or the file could not be written. */
    public long dropped() {
        return dropped.sum();
    }

    /** Requests that wait. */
    public int waiting() {
        return queue.size();
    }

    /** The same of those that may wait. */
    public Fill fill() {
        return Fill.of(Bounded.RECORDS, this::waiting, config.queue(), this::dropped);
    }

    private void run() {
        try {
            awaitPredecessor();
            boolean last;
            do {
                // Read before draining: what was offered before the end is then written.
                last = closed;
                Recorded next = queue.poll(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    write(next);
                }
            } while (!last || !queue.isEmpty());
            file.close();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (IOException unwritable) {
            failed(unwritable);
        }
    }

    /** A file is for one thread at a time, however slow the disk; what comes meanwhile waits or is counted as dropped. */
    private void awaitPredecessor() throws InterruptedException {
        Thread same = predecessor;
        if (follows && same != null) {
            same.join();
        }
        predecessor = null;
    }

    /** Writes it and some that wait behind it, and counts them when the system has taken them or has not. */
    private void write(Recorded first) {
        long before = file.written();
        int taken = 0;
        boolean well = true;
        for (Recorded next = first; next != null; next = ++taken < BATCH ? queue.poll() : null) {
            Recorded facts = redacted(next);
            well &= attempt(() -> file.write(RecordedJson.write(facts)));
        }
        well &= attempt(file::flush);
        long written = file.written() - before;
        recorded.add(written);
        dropped.add(taken - written);
        if (well && failing) {
            failing = false;
            LOG.info("record.file can be written again, requests are recorded");
        }
    }

    private boolean attempt(Step step) {
        try {
            step.take();
            return true;
        } catch (IOException unwritable) {
            failed(unwritable);
            return false;
        }
    }

    /** Something that is done to the file. */
    private interface Step {
        void take() throws IOException;
    }

    private void failed(IOException unwritable) {
        if (!failing) {
            failing = true;
            LOG.warn("record.file cannot be written, requests are not recorded: {}", unwritable.toString());
        }
    }

    private Recorded redacted(Recorded facts) {
        List<@Nullable String> values = new ArrayList<>(facts.values().size());
        for (int i = 0; i < facts.values().size(); i++) {
            values.add(config.fields().get(i).treatment().apply(facts.values().get(i), hash));
        }
        return new Recorded(
                facts.atMillis(),
                facts.reference(),
                facts.method(),
                path(facts.path()),
                client(facts.client()),
                config.userAgent().apply(facts.userAgent(), hash),
                names,
                values,
                facts.bot(),
                facts.exempt(),
                facts.set(),
                facts.said());
    }

    private String path(String path) {
        String left = config.path().apply(path, hash);
        if (left == null) {
            return "/";
        }
        return left.startsWith("/") || left.equals("*") ? left : "/" + left;
    }

    private @Nullable String client(@Nullable String client) {
        Treatment treatment = config.clientIp();
        if (client == null || treatment.kind() != Treatment.Kind.TRUNCATE) {
            return treatment.apply(client, hash);
        }
        IpAddress address = IpAddress.parse(client);
        int bits = address.isIpv6() ? 2 * treatment.length() : treatment.length();
        return address.prefix(Math.min(bits, address.width())).toString();
    }

    /** Hears of nothing any more; {@code next}, if there is one, goes on. */
    public void leaveTo(@Nullable Recorder next) {
        leaveTo(next, CLOSE_MILLIS);
    }

    void leaveTo(@Nullable Recorder next, long millis) {
        close(millis);
        if (next != null && next.follows) {
            next.thread.start();
        }
    }

    /** Writes what waits, for five seconds at the most. */
    @Override
    public void close() {
        close(CLOSE_MILLIS);
    }

    private void close(long millis) {
        closed = true;
        try {
            thread.join(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
