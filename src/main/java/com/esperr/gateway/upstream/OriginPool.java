package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http1.ResponseDecoder;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.Sweeper;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint of an origin; confined to that loop. The most recently used one is leased first, so
 * that a quiet pool shrinks. When all are in use an exchange waits in a bounded queue, in order of arrival.
 */
final class OriginPool implements Sweeper.Sweepable {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    /** How long nobody leases a connection on which a body may come that must not: it follows its head at once. */
    private static final long REST_NANOS = 100_000_000L;

    private static final int MOST_RESTING = 8;

    private final EventLoop loop;
    private final OriginEndpoint endpoint;
    private final OriginConfig config;
    private final Outliers outliers;
    private final LongSupplier nanos;
    private final PoolGauges gauges;
    private final Dialer dialer;
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
    /** Counted as idle, but not leased yet, in the order in which they were given back. */
    private final ArrayDeque<UpstreamConnection> resting = new ArrayDeque<>();

    private final ArrayDeque<Wish> waiting = new ArrayDeque<>();
    /** Wishes whose own connection is being looked up or established, in the order of their deadlines. */
    private final ArrayDeque<Wish> connecting = new ArrayDeque<>();

    private final Sweeper sweeper;
    private Sweeper.@Nullable Entry sweep;
    private boolean retired;
    private int connections;

    OriginPool(
            EventLoop loop,
            EventLoops loops,
            OriginEndpoint endpoint,
            Outliers outliers,
            Sweeper sweeper,
            LongSupplier nanos) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.config = endpoint.config();
        this.outliers = outliers;
        this.nanos = nanos;
        this.gauges = endpoint.gauges();
        this.dialer = new Dialer(endpoint, loops, loop, bootstrap(loops), this::dropOutdated, nanos);
        this.sweeper = sweeper;
        this.sweep = sweeper.register(this);
    }

    private Bootstrap bootstrap(EventLoops loops) {
        return endpoint.bootstrap(loops, loop, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        endpoint.begin(channel);
                        assemble(channel);
                    }
                })
                // A write that fails must not take away the answer that the origin gave before it stopped reading.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }

    /** Puts HTTP/1.1 into the pipeline of a connection. */
    void assemble(Channel channel) {
        ResponseDecoder decoder = new ResponseDecoder(config.limits());
        channel.pipeline()
                // bytes become heads, body pieces and ends, or the connection is given up
                .addLast("decoder", decoder)
                // last: knows who waits for them
                .addLast("connection", new UpstreamConnection(this, channel, decoder));
    }

    /**
     * Asks for a connection; the returned wish can be cancelled until {@code sink} was told. A fresh one is asked for when
     * a kept one has just turned out to be closed, because then its neighbours probably are, too.
     *
     * @param visitor whose request it is for, if the origin is told
     */
    Wish lease(LeaseSink sink, @Nullable IpAddress visitor, boolean fresh) {
        assert loop.inEventLoop();
        if (sweep == null) {
            // A request that began before the origin was taken out of the configuration.
            sweep = sweeper.register(this);
        }
        Wish wish = new Wish(this, sink, visitor);
        UpstreamConnection connection = fresh ? null : takeIdle();
        if (connection != null) {
            grant(wish, connection);
        } else if (connections < config.maxConnections()) {
            connect(wish);
        } else if (endOneRest() || waiting.size() < config.maxWaiting()) {
            wish.deadline = nanos.getAsLong() + config.maxWait().toNanos();
            waiting.add(wish);
            gauges.waiting.increment();
        } else {
            gauges.refused.increment();
            wish.fail(FailureReason.ORIGIN_BUSY, "origin.max-connections and origin.max-waiting are reached");
        }
        return wish;
    }

    OriginEndpoint endpoint() {
        return endpoint;
    }

    /** No request comes here any more: what is idle is closed, what is in use when it comes back. */
    void retire() {
        retired = true;
        dialer.retire();
        dropOutdated();
    }

    /** A request got an answer. */
    void answered(int status) {
        if (endpoint.health().answered(status)) {
            outliers.eject(endpoint);
        }
    }

    /** A request, or a wish for a connection, came to nothing through the endpoint's fault. */
    void failed() {
        if (endpoint.health().failed()) {
            outliers.eject(endpoint);
        }
    }

    /**
     * Takes back a connection on which more may come than should: if it does, it costs the connection, and nobody's next request. It is
     * closed at once where somebody waits, or where more rest already than a site needs.
     */
    void rest(UpstreamConnection connection) {
        if (!waiting.isEmpty() || resting.size() >= MOST_RESTING) {
            connection.close();
            return;
        }
        connection.idleSince(nanos.getAsLong());
        resting.addLast(connection);
        gauges.leased.decrement();
        gauges.idle.increment();
    }

    /** Closes the one that has rested longest, for whom there is no connection else. */
    private boolean endOneRest() {
        UpstreamConnection rested = resting.pollFirst();
        if (rested != null) {
            retire(rested);
        }
        return rested != null;
    }

    private void wake(long now) {
        UpstreamConnection rested = resting.peekFirst();
        while (rested != null && now - rested.idleSince() >= REST_NANOS) {
            resting.removeFirst();
            gauges.idle.decrement();
            gauges.leased.increment();
            if (rested.usable()) {
                giveBack(rested);
            }
            rested = resting.peekFirst();
        }
    }

    void giveBack(UpstreamConnection connection) {
        // What was said at its beginning of one visitor is not true of the next.
        if (dialer.outdated(connection.remoteAddress()) || config.tellsAddress()) {
            connection.close();
            return;
        }
        Wish next = nextWaiting();
        if (next != null) {
            gauges.leased.decrement();
            grant(next, connection);
            return;
        }
        connection.idleSince(nanos.getAsLong());
        idle.addFirst(connection);
        gauges.leased.decrement();
        gauges.idle.increment();
    }

    /** A connection is lost or its channel is closed; called exactly once for each. */
    void closed(UpstreamConnection connection) {
        connections--;
        gauges.open.decrement();
        if (idle.remove(connection) || resting.remove(connection)) {
            gauges.idle.decrement();
        } else {
            gauges.leased.decrement();
        }
        Wish next = nextWaiting();
        if (next != null) {
            connect(next);
        }
    }

    @Override
    public void sweep(long now) {
        wake(now);
        long keep = config.keepAlive().toNanos();
        for (UpstreamConnection c = idle.peekLast(); c != null && now - c.idleSince() >= keep; c = idle.peekLast()) {
            retire(c);
        }
        // Netty's limit is for the handshake alone, behind a look-up that may try one name server after the other.
        while (!connecting.isEmpty() && now - connecting.peekFirst().deadline >= 0) {
            failed();
            connecting
                    .pollFirst()
                    .fail(FailureReason.ORIGIN_CONNECT_TIMEOUT, "no connection within origin.connect-timeout");
        }
        while (!waiting.isEmpty() && now - waiting.peekFirst().deadline >= 0) {
            Wish wish = waiting.pollFirst();
            gauges.waiting.decrement();
            wish.fail(FailureReason.ORIGIN_BUSY, "no connection became free within origin.max-wait");
        }
        dialer.sweep(now);
        if (retired && sweep != null && connections == 0 && waiting.isEmpty()) {
            sweep.close();
            sweep = null;
        }
    }

    /** What nobody uses leads to an address that the name no longer has; what is in use is closed when it comes back. */
    private void dropOutdated() {
        for (UpstreamConnection connection : List.copyOf(idle)) {
            if (dialer.outdated(connection.remoteAddress())) {
                retire(connection);
            }
        }
    }

    /** Out of the queue first, so that nobody leases what closes. Its close event will count it out as a leased one. */
    private void retire(UpstreamConnection connection) {
        idle.remove(connection);
        gauges.idle.decrement();
        gauges.leased.increment();
        connection.close();
    }

    private @Nullable UpstreamConnection takeIdle() {
        for (UpstreamConnection c = idle.pollFirst(); c != null; c = idle.pollFirst()) {
            gauges.idle.decrement();
            if (c.usable()) {
                return c;
            }
            // Its close event is still on the way and will count it out as a leased one.
            gauges.leased.increment();
        }
        return null;
    }

    private @Nullable Wish nextWaiting() {
        Wish wish = waiting.pollFirst();
        if (wish != null) {
            gauges.waiting.decrement();
        }
        return wish;
    }

    /** A visitor who left makes room for one who still waits. */
    private void withdrawn(Wish wish) {
        if (waiting.remove(wish)) {
            gauges.waiting.decrement();
        }
    }

    private void grant(Wish wish, UpstreamConnection connection) {
        gauges.leased.increment();
        LeaseSink sink = wish.sink;
        if (sink == null) {
            // Who wished for it has left, or has waited too long: the next one need not.
            giveBack(connection);
            return;
        }
        wish.sink = null;
        sink.leased(connection);
    }

    private void connect(Wish wish) {
        connections++;
        gauges.connecting.increment();
        wish.deadline = nanos.getAsLong() + config.connectTimeout().toNanos();
        connecting.add(wish);
        dialer.dial(wish, wish.visitor);
    }

    /** Takes in a connection that was to speak something else, and does not. */
    void adopt(Channel channel) {
        if (channel.pipeline().last() instanceof UpstreamConnection connection && channel.isActive()) {
            connections++;
            gauges.open.increment();
            gauges.leased.increment();
            connection.opened();
            giveBack(connection);
        }
    }

    private void connected(Wish wish, Channel channel) {
        gauges.connecting.decrement();
        connecting.remove(wish);
        gauges.open.increment();
        ChannelHandler last = channel.pipeline().last();
        if (last instanceof UpstreamConnection connection) {
            connection.opened();
            grant(wish, connection);
        }
    }

    private void refused(Wish wish, boolean slow, String detail) {
        gauges.connecting.decrement();
        connecting.remove(wish);
        connections--;
        if (wish.sink != null) {
            // Else its time was up, which has been counted, or nobody waits any more.
            failed();
        }
        wish.fail(slow ? FailureReason.ORIGIN_CONNECT_TIMEOUT : FailureReason.ORIGIN_CONNECT, detail);
        Wish next = nextWaiting();
        if (next != null) {
            connect(next);
        }
    }

    /** One exchange's wish for a connection; confined to the event loop. */
    static final class Wish implements Upstream.Lease, Dialer.Outcome {
        private final OriginPool pool;
        private @Nullable LeaseSink sink;
        private final @Nullable IpAddress visitor;
        private long deadline;

        Wish(OriginPool pool, LeaseSink sink, @Nullable IpAddress visitor) {
            this.visitor = visitor;
            this.pool = pool;
            this.sink = sink;
        }

        @Override
        public void cancel() {
            if (sink != null) {
                sink = null;
                pool.withdrawn(this);
            }
        }

        @Override
        public void connected(Channel channel) {
            pool.connected(this, channel);
        }

        @Override
        public void refused(boolean slow, String detail) {
            pool.refused(this, slow, detail);
        }

        private void fail(FailureReason reason, String detail) {
            LeaseSink current = sink;
            sink = null;
            if (current != null) {
                current.leaseFailed(reason, detail);
            }
        }
    }
}
