package com.esperr.gateway.upstream;

import com.esperr.gateway.transport.ClientTls;
import com.esperr.gateway.transport.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.SocketAddress;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One place where the application listens, and all that is shared about it between event loops. Thread-safe. */
public final class OriginEndpoint {
    private final OriginConfig config;
    private final int index;
    private final OriginTarget target;
    private final @Nullable ClientTls tls;
    private final @Nullable ClientTls multiplexedTls;
    private final PoolGauges gauges = new PoolGauges();
    private final EndpointHealth health;
    private final LongAdder good = new LongAdder();
    private final LongAdder bad = new LongAdder();
    private volatile @Nullable String unreachable;

    /** @throws IllegalArgumentException if a file of its TLS cannot be used */
    OriginEndpoint(OriginConfig config, int index) {
        this.config = config;
        this.index = index;
        this.target = config.targets().get(index);
        this.tls = target.secure() ? ClientTls.to(target.url(), config.tls(), config.connectTimeout()) : null;
        this.multiplexedTls = config.http2() && target.secure()
                ? ClientTls.preferringHttp2(target.url(), config.tls(), config.connectTimeout())
                : null;
        this.health = new EndpointHealth(config.outlier());
    }

    OriginConfig config() {
        return config;
    }

    OriginTarget target() {
        return target;
    }

    /** Host and port, or the socket. */
    public String label() {
        return target.label();
    }

    /** The Host header of where it leads. */
    public String hostHeader() {
        return target.hostHeader();
    }

    /** Whether it is told that Host header instead of the visitor's. */
    public boolean rewritesHost() {
        return config.host() == OriginConfig.HostHeader.REWRITE;
    }

    /** Itself, as a member of the set of those that were tried. */
    public long place() {
        return 1L << index;
    }

    /** Its place among the endpoints of its origin. */
    int index() {
        return index;
    }

    /** Counts over its pools. */
    public PoolGauges gauges() {
        return gauges;
    }

    EndpointHealth health() {
        return health;
    }

    /** Answers to {@link HealthProbe}'s questions, good or bad ones. */
    LongAdder checks(boolean wereGood) {
        return wereGood ? good : bad;
    }

    /** Questions about its health that were answered well, or were not. */
    public long checked(boolean well) {
        return checks(well).sum();
    }

    /** How often it was ejected. */
    public long ejections() {
        return health.ejections();
    }

    /** How it stands at {@code nanos} of the gateway's clock. */
    public EndpointState state(long nanos) {
        String down = health.down();
        if (down != null) {
            return EndpointState.DOWN;
        }
        if (health.ejectedAt(nanos)) {
            return EndpointState.EJECTED;
        }
        return unreachable == null ? EndpointState.UP : EndpointState.FAILING;
    }

    /** What its health questions found wrong, or why it takes no connections; else null. */
    public @Nullable String trouble() {
        String down = health.down();
        return down == null ? unreachable : down;
    }

    /** Whether nobody could connect to it just now, {@code why} being null if somebody could; it gets requests all the same. */
    void unreachable(@Nullable String why) {
        unreachable = why;
    }

    /** What comes first on every connection to it. */
    void begin(Channel channel) {
        if (tls != null) {
            tls.install(channel);
        }
        if (config.tellsAddress()) {
            // Before TLS, and so before its ClientHello.
            channel.pipeline().addFirst("address", new AddressHeader(config.addressHeader()));
        }
    }

    /** How TLS is spoken there by who would rather speak HTTP/2. */
    @Nullable
    ClientTls multiplexedTls() {
        return multiplexedTls;
    }

    /** Requests that are there, or on their way. */
    public long load() {
        return gauges.leased() + gauges.connecting() + gauges.waiting();
    }

    /** What establishes connections to it, with {@code handler} in their pipeline. */
    Bootstrap bootstrap(EventLoops loops, EventLoopGroup group, ChannelHandler handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .option(ChannelOption.ALLOCATOR, loops.allocator())
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(config.connectTimeout().toMillis()))
                .handler(handler);
        return target.socket() == null
                ? bootstrap
                        .channel(loops.clientChannel())
                        .resolver(loops.resolver())
                        .option(ChannelOption.TCP_NODELAY, true)
                : bootstrap.channel(loops.unixClientChannel()).disableResolver();
    }

    /** Where such a connection goes to; a name is still to be looked up. */
    SocketAddress address(EventLoops loops) {
        return target.socket() == null
                ? EventLoops.socketAddress(target.url().address())
                : loops.unixAddress(target.socket());
    }
}
