package com.esperr.gateway.beacon;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.esper.EsperConfig;
import com.esperr.gateway.esper.KeyedHash;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.hybrid.Learning;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.HttpClient;
import com.esperr.gateway.transport.HttpClientConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Tells Esper about finished exchanges. Thread-safe. The event loop of an exchange takes from it what the event needs and
 * leaves that in a bounded queue; a full queue costs the event, which is counted, and nothing ever waits.
 */
public final class Beacon implements ExchangeListener, AutoCloseable {
    private static final Duration CLOSE_TIME = Duration.ofSeconds(2);
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int ANSWER_BYTES = 1 << 20;
    private static final int SMALLEST_WINDOW = 256;

    private final BeaconConfig config;
    private final MessagePassingQueue<BeaconEvent> queue;
    private final BeaconCounts counts = new BeaconCounts();
    private final Tail tail;
    private final boolean follows;
    private final EventConsumer consumer;
    private final @Nullable Learning learning;
    private final @Nullable HttpClient client;
    private volatile boolean closed;

    private Beacon(Terms terms, @Nullable Beacon before) throws IOException {
        this.config = terms.config();
        this.follows = before != null && before.shares(config);
        this.tail = before != null && follows ? before.tail : new Tail();
        this.learning = config.sends() ? terms.learning() : null;
        // The queue without Unsafe: as fast here, and no warning on newer JDKs.
        this.queue = new MpscAtomicArrayQueue<>(config.queue());
        if (config.sends()) {
            this.client = new HttpClient(http(terms), terms.loops(), terms.nanos());
            this.consumer = sender(terms, client);
        } else {
            this.client = null;
            byte[] key = config.configuredKey();
            KeyedHash hash = new KeyedHash(key == null ? PrivateFiles.randomKey() : key);
            this.consumer = new EventPrinter(queue, writer(terms, hash), new FileOutputStream(FileDescriptor.out));
        }
    }

    /**
     * What a beacon is made of. Immutable.
     *
     * @param config not of mode off
     * @param esper where the API is and who we are
     * @param caFile PEM file of the authorities to trust instead of the JDK's, or null
     * @param learning who learns from Esper's answers, or null
     * @param loops on one of which events are sent
     * @param replaces whether another process that is about to end may still have the spool
     * @param nanos the clock of pauses
     * @param millis the time of day
     */
    public record Terms(
            BeaconConfig config,
            EsperConfig esper,
            @Nullable Path caFile,
            @Nullable Learning learning,
            EventLoops loops,
            boolean replaces,
            LongSupplier nanos,
            LongSupplier millis) {}

    /**
     * Opens the spool and begins to send what is in it.
     *
     * @throws IOException if the spool cannot be opened; the message names the key
     */
    public static Beacon open(Terms terms) throws IOException {
        Beacon beacon = new Beacon(terms, null);
        beacon.consumer.start();
        return beacon;
    }

    /**
     * One that is to take the place of {@code before}: takes events at once. With the same spool it sends them when
     * {@link #leaveTo} has let that go, with everything that is in it.
     *
     * @throws IOException as above
     */
    public static Beacon after(Beacon before, Terms terms) throws IOException {
        Beacon beacon = new Beacon(terms, before);
        if (!beacon.follows) {
            beacon.consumer.start();
        }
        return beacon;
    }

    private boolean shares(BeaconConfig other) {
        return config.sends()
                && other.sends()
                && config.spool().directory().equals(other.spool().directory());
    }

    /** Nobody tells this any more: what waits here is safe when this returns, and {@code next}, if there is one, goes on with it. */
    public void leaveTo(@Nullable Beacon next) {
        if (next == null || !next.follows) {
            close();
            return;
        }
        closed = true;
        consumer.handOver(CLOSE_TIME);
        if (client != null) {
            client.close();
        }
        next.consumer.start();
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        RequestContext request = exchange.request();
        // What is delivered was decided on before, and told then.
        boolean again = exchange.outcome() == Outcome.DELIVERED;
        if (request == null || again || !config.choice().accepts(request)) {
            return;
        }
        counts.addQueued();
        StateKey key = learning == null ? null : learning.key(request);
        if (closed || !queue.offer(BeaconEvent.of(exchange, request, config.fields(), key))) {
            counts.addDropped(DropReason.QUEUE_FULL, 1);
        }
    }

    /** What was counted. */
    public BeaconCounts counts() {
        return counts;
    }

    /** Events that wait in memory for the disk. */
    public int waiting() {
        return queue.size();
    }

    /** How full are the memory and the disk that events wait in. */
    public List<Fill> fills() {
        SpoolConfig spool = config.spool();
        LongSupplier lost = () -> counts.dropped(DropReason.SPOOL_FULL);
        return List.of(
                Fill.of(
                        Bounded.BEACON_EVENTS,
                        this::waiting,
                        queue.capacity(),
                        () -> counts.dropped(DropReason.QUEUE_FULL)),
                Fill.of(Bounded.BEACON_SPOOL, () -> counts.spool().events(), spool.events(), lost),
                Fill.of(Bounded.BEACON_SPOOL_BYTES, () -> counts.spool().bytes(), spool.bytes(), lost));
    }

    /** What leaves: lines of {@code {"sequence":…,"event":{…}}}, at most so many, for events behind {@code sequence}. */
    public String tail(long sequence, int most) {
        return tail.lines(sequence, most);
    }

    /** Makes safe what waits and sends what can be sent in two seconds; the rest is for the next start. */
    @Override
    public void close() {
        closed = true;
        consumer.finish(CLOSE_TIME);
        if (client != null) {
            client.close();
        }
    }

    /** What cannot be made leaves nothing open, so that the directory can be tried again. */
    private SpoolWriter sender(Terms terms, HttpClient http) throws IOException {
        Spool spool = null;
        try {
            // While the one before has it, nobody else can open it.
            spool = follows ? null : Spool.open(config.spool(), terms.replaces());
            return sender(terms, spool, http);
        } catch (IOException | RuntimeException failed) {
            http.close();
            if (spool != null) {
                spool.close();
            }
            throw failed;
        }
    }

    private SpoolWriter sender(Terms terms, @Nullable Spool spool, HttpClient http) throws IOException {
        byte[] key = config.configuredKey();
        Path directory = config.spool().directory();
        KeyedHash hash = new KeyedHash(key == null ? PrivateFiles.hashKey(directory) : key);
        Queue<Settlement> settlements = new ConcurrentLinkedQueue<>();
        int window = Math.max(SMALLEST_WINDOW, 2 * config.concurrency() * config.batchEvents());
        SpoolWriter.Terms work = new SpoolWriter.Terms(
                queue,
                settlements,
                writer(terms, hash),
                config.spool(),
                terms.replaces(),
                new DeadLetters(directory, config.deadLetterBytes()),
                tail,
                counts,
                window,
                learning == null ? 0 : learning.generation(),
                terms.millis());
        return new SpoolWriter(work, spool, LoopFeed.of(terms, http, settlements::add, counts));
    }

    private EventWriter writer(Terms terms, KeyedHash hash) {
        return new EventWriter(config, terms.esper().tenantId(), hash);
    }

    private static HttpClientConfig http(Terms terms) {
        BeaconConfig config = terms.config();
        return new HttpClientConfig(
                terms.esper().apiUrl(),
                config.connectTimeout(),
                HANDSHAKE,
                IDLE,
                config.concurrency(),
                config.concurrency(),
                ANSWER_BYTES,
                terms.caFile());
    }
}
