package com.esperr.gateway.bots;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.net.OriginUrl;
import com.esperr.gateway.signatures.KeyDirectory;
import com.esperr.gateway.transport.CallFailure;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.HttpCallback;
import com.esperr.gateway.transport.HttpClient;
import com.esperr.gateway.transport.HttpClientConfig;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the keys of one configured host: fetches its directory in the background, at the start and then once an interval,
 * sooner after a failure. Works on one event loop; the keys can be read by any thread. Keys that could not be fetched anew for
 * too long count no more.
 */
final class DirectoryFetcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryFetcher.class);
    private static final int MOST_BYTES = 256 << 10;
    private static final int OK = 200;
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    private final OriginUrl agent;
    private final SignatureConfig config;
    private final HttpClient client;
    private final ScheduledExecutorService loop;
    private final LongSupplier nanos;
    private final LongAdder fetched = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean closed;
    private volatile @Nullable Kept kept;

    DirectoryFetcher(OriginUrl agent, SignatureConfig config, EventLoops loops, LongSupplier nanos) {
        this.agent = agent;
        this.config = config;
        this.nanos = nanos;
        this.loop = loops.next();
        this.client = new HttpClient(
                new HttpClientConfig(
                        agent, config.timeout(), config.timeout(), IDLE, 1, 1, MOST_BYTES, config.caFile()),
                loops,
                nanos);
    }

    private record Kept(KeyDirectory keys, long atNanos) {}

    /** Fetches from now on. */
    void start() {
        loop.execute(this::fetch);
    }

    /** The keys, or null if there are none that still count. */
    @Nullable
    KeyDirectory keys() {
        Kept now = kept;
        return now == null || nanos.getAsLong() - now.atNanos > config.keep().toNanos() ? null : now.keys;
    }

    /** How often they were fetched. */
    long fetched() {
        return fetched.sum();
    }

    /** How often that failed. */
    long failed() {
        return failed.sum();
    }

    private void fetch() {
        if (closed) {
            return;
        }
        Fields accept = Fields.builder(1)
                .add("Accept", "application/http-message-signatures-directory+json, application/json")
                .build();
        client.call(
                client.prepare("GET", KeySource.DIRECTORY, accept),
                out -> {},
                nanos.getAsLong() + config.timeout().toNanos(),
                new HttpCallback() {
                    @Override
                    public void answered(int status, Fields fields, byte[] body) {
                        take(status, body);
                    }

                    @Override
                    public void failed(CallFailure failure) {
                        missed(failure.toString());
                    }
                });
    }

    private void take(int status, byte[] body) {
        if (status != OK) {
            missed("status " + status);
            return;
        }
        try {
            kept = new Kept(KeyDirectory.parse(body), nanos.getAsLong());
            fetched.increment();
            again(config.refresh());
        } catch (IllegalArgumentException unusable) {
            missed(String.valueOf(unusable.getMessage()));
        }
    }

    private void missed(String why) {
        failed.increment();
        LOG.warn("bots: the keys of {} could not be fetched, those before count on: {}", agent, why);
        again(AFTER_FAILURE.compareTo(config.refresh()) < 0 ? AFTER_FAILURE : config.refresh());
    }

    private void again(Duration wait) {
        if (!closed && !loop.isShutdown()) {
            loop.schedule(this::fetch, wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Fetches no more. */
    @Override
    public void close() {
        closed = true;
        client.close();
    }
}
