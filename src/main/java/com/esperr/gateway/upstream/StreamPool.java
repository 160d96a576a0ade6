package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.transport.ClientTls;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.Sweeper;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections of one event loop to one endpoint; confined to that loop. There is one, and another only when those that
 * there are have no more streams to give. Exchanges wait in a bounded queue for a stream, or for the connection. An endpoint that
 * prefers HTTP/1.1 gets that for a while.
 */
final class StreamPool implements Sweeper.Sweepable {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    /** How long an endpoint is taken to speak HTTP/1.1 only once it has said so. */
    private static final long HTTP1_NANOS = 300_000_000_000L;

    private final EventLoop loop;
    private final OriginPool http1;
    private final OriginEndpoint endpoint;
    private final OriginConfig config;
    private final PoolGauges gauges;
    private final LongSupplier nanos;
    private final Dialer dialer;
    private final List<SharedConnection> connections = new ArrayList<>();
    private final ArrayDeque<Wish> waiting = new ArrayDeque<>();

    private final Sweeper sweeper;
    private Sweeper.@Nullable Entry sweep;
    private @Nullable Dial dial;
    private boolean retired;
    private boolean onlyHttp1;
    private long http1Since;

    /** Beside {@code http1}, for the same endpoint. */
    StreamPool(OriginPool http1, EventLoops loops, EventLoop loop, Sweeper sweeper, LongSupplier nanos) {
        this.loop = loop;
        this.http1 = http1;
        this.endpoint = http1.endpoint();
        this.config = endpoint.config();
        this.gauges = endpoint.gauges();
        this.nanos = nanos;
        this.dialer = new Dialer(endpoint, loops, loop, bootstrap(loops), this::dropOutdated, nanos);
        this.sweeper = sweeper;
        this.sweep = sweeper.register(this);
    }

    private Bootstrap bootstrap(EventLoops loops) {
        ClientTls tls = endpoint.multiplexedTls();
        return endpoint.bootstrap(loops, loop, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls == null) {
                            channel.pipeline().addLast("http2", SharedPipeline.handler(StreamPool.this, channel));
                        } else {
                            tls.install(channel);
                            channel.pipeline().addLast("agreed", new AgreedProtocol(StreamPool.this, http1));
                        }
                    }
                })
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }

    /** Asks for a stream; what is returned can be cancelled until {@code sink} was told. */
    Upstream.Lease lease(LeaseSink sink, boolean fresh) {
        assert loop.inEventLoop();
        if (sweep == null) {
            // A request that began before the origin was taken out of the configuration.
            sweep = sweeper.register(this);
        }
        long now = nanos.getAsLong();
        if (onlyHttp1 && now - http1Since < HTTP1_NANOS) {
            return http1.lease(sink, null, fresh);
        }
        Wish wish = new Wish(this, sink);
        SharedConnection connection = withRoom();
        if (connection != null) {
            grant(wish, connection);
        } else if (waiting.size() < config.maxWaiting()) {
            wish.connects = connections.isEmpty();
            wish.deadline = now + (wish.connects ? config.connectTimeout() : config.maxWait()).toNanos();
            waiting.add(wish);
            gauges.waiting.increment();
            dialIfWanted();
        } else {
            gauges.refused.increment();
            wish.fail(FailureReason.ORIGIN_BUSY, "origin.max-connections and origin.max-waiting are reached");
        }
        return wish;
    }

    OriginEndpoint endpoint() {
        return endpoint;
    }

    /** No request comes here any more: connections are closed when they have no streams. */
    void retire() {
        retired = true;
        dialer.retire();
        dropOutdated();
    }

    long now() {
        return nanos.getAsLong();
    }

    // --- what connections tell

    /** A request got an answer. */
    void answered(int status) {
        http1.answered(status);
    }

    /** A request came to nothing through the endpoint's fault. */
    void failed() {
        http1.failed();
    }

    /** The endpoint has said what it wants to be told: streams can be opened. */
    void ready(SharedConnection connection) {
        Dial asked = dial;
        if (asked == null || connection.channel() != asked.channel) {
            // Too late: who waited for it has been told so.
            connection.close();
            return;
        }
        dial = null;
        gauges.connecting.decrement();
        gauges.open.increment();
        gauges.idle.increment();
        connections.add(connection);
        serve();
    }

    /** A connection that was not yet ready is lost. */
    void unready(SharedConnection connection, String detail) {
        Dial asked = dial;
        if (asked != null && connection.channel() == asked.channel) {
            refused(asked, false, detail);
        }
    }

    /** A connection that was ready is lost; its streams are told later. */
    void closed(SharedConnection connection) {
        if (connections.remove(connection)) {
            gauges.open.decrement();
            if (connection.streams() == 0) {
                gauges.idle.decrement();
            }
            serve();
        }
    }

    /** A stream of {@code connection} is no longer leased. */
    void ended(SharedConnection connection) {
        gauges.leased.decrement();
        if (connection.streams() == 0 && connections.contains(connection)) {
            gauges.idle.increment();
            if (dialer.outdated(connection.channel().remoteAddress())) {
                connection.retire();
            }
        }
    }

    /** There may be room for another stream. */
    void serve() {
        while (!waiting.isEmpty()) {
            SharedConnection connection = withRoom();
            if (connection == null) {
                dialIfWanted();
                return;
            }
            Wish wish = waiting.remove();
            gauges.waiting.decrement();
            grant(wish, connection);
        }
    }

    // --- connections

    private @Nullable SharedConnection withRoom() {
        for (int i = 0; i < connections.size(); i++) {
            if (connections.get(i).hasRoom()) {
                return connections.get(i);
            }
        }
        return null;
    }

    private void grant(Wish wish, SharedConnection connection) {
        LeaseSink sink = wish.sink;
        wish.sink = null;
        if (sink != null) {
            if (connection.streams() == 0) {
                gauges.idle.decrement();
            }
            gauges.leased.increment();
            sink.leased(connection.lease());
        }
    }

    private void dialIfWanted() {
        if (dial == null && connections.size() < config.maxConnections()) {
            Dial begun =
                    new Dial(this, nanos.getAsLong() + config.connectTimeout().toNanos());
            dial = begun;
            gauges.connecting.increment();
            dialer.dial(begun, null);
        }
    }

    private void connected(Dial asked, Channel channel) {
        if (dial != asked) {
            channel.close();
            return;
        }
        // What it speaks comes next, in what the endpoint says or in what was agreed on in the handshake.
        asked.channel = channel;
    }

    /** The endpoint would rather speak HTTP/1.1, which is in the pipeline now. */
    void prefersHttp1(Channel channel) {
        Dial asked = dial;
        if (asked == null || asked.channel != channel) {
            channel.close();
            return;
        }
        dial = null;
        gauges.connecting.decrement();
        onlyHttp1 = true;
        http1Since = nanos.getAsLong();
        http1.adopt(channel);
        for (Wish wish : takeWaiting()) {
            wish.elsewhere(http1);
        }
    }

    private void refused(Dial asked, boolean slow, String detail) {
        if (dial != asked) {
            return;
        }
        dial = null;
        gauges.connecting.decrement();
        if (asked.channel != null) {
            asked.channel.close();
        }
        failed();
        if (connections.isEmpty()) {
            FailureReason reason = slow ? FailureReason.ORIGIN_CONNECT_TIMEOUT : FailureReason.ORIGIN_CONNECT;
            for (Wish wish : takeWaiting()) {
                wish.fail(reason, detail);
            }
        }
    }

    private List<Wish> takeWaiting() {
        List<Wish> all = List.copyOf(waiting);
        waiting.clear();
        gauges.waiting.add(-all.size());
        return all;
    }

    private void dropOutdated() {
        for (SharedConnection connection : List.copyOf(connections)) {
            if (dialer.outdated(connection.channel().remoteAddress())) {
                connection.retire();
            }
        }
    }

    @Override
    public void sweep(long now) {
        Dial asked = dial;
        if (asked != null && now - asked.deadline >= 0) {
            refused(asked, true, "no connection within origin.connect-timeout");
        }
        List<Wish> late = new ArrayList<>();
        for (Iterator<Wish> all = waiting.iterator(); all.hasNext(); ) {
            Wish wish = all.next();
            if (now - wish.deadline >= 0) {
                all.remove();
                gauges.waiting.decrement();
                late.add(wish);
            }
        }
        for (Wish wish : late) {
            if (wish.connects) {
                wish.fail(FailureReason.ORIGIN_CONNECT_TIMEOUT, "no connection within origin.connect-timeout");
            } else {
                wish.fail(FailureReason.ORIGIN_BUSY, "no stream became free within origin.max-wait");
            }
        }
        for (SharedConnection connection : List.copyOf(connections)) {
            connection.sweep(now, config.keepAlive().toNanos());
        }
        dialer.sweep(now);
        if (retired && sweep != null && dial == null && connections.isEmpty() && waiting.isEmpty()) {
            sweep.close();
            sweep = null;
        }
    }

    /** One connection on its way. */
    private static final class Dial implements Dialer.Outcome {
        private final StreamPool pool;
        private final long deadline;
        private @Nullable Channel channel;

        Dial(StreamPool pool, long deadline) {
            this.pool = pool;
            this.deadline = deadline;
        }

        @Override
        public void connected(Channel reached) {
            pool.connected(this, reached);
        }

        @Override
        public void refused(boolean slow, String detail) {
            pool.refused(this, slow, detail);
        }
    }

    /** One exchange's wish for a stream. */
    private static final class Wish implements Upstream.Lease {
        private final StreamPool pool;
        private @Nullable LeaseSink sink;
        private Upstream.@Nullable Lease other;
        private boolean connects;
        private long deadline;

        Wish(StreamPool pool, LeaseSink sink) {
            this.pool = pool;
            this.sink = sink;
        }

        @Override
        public void cancel() {
            if (other != null) {
                other.cancel();
            } else if (sink != null) {
                sink = null;
                if (pool.waiting.remove(this)) {
                    pool.gauges.waiting.decrement();
                }
            }
        }

        void elsewhere(OriginPool http1) {
            LeaseSink current = sink;
            sink = null;
            if (current != null) {
                other = http1.lease(current, null, false);
            }
        }

        void fail(FailureReason reason, String detail) {
            LeaseSink current = sink;
            sink = null;
            if (current != null) {
                current.leaseFailed(reason, detail);
            }
        }
    }
}
