package com.esperr.gateway.server;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.challenge.HostedChallenges;
import com.esperr.gateway.hosting.ChallengeDesk;
import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.http1.RequestDecoder;
import com.esperr.gateway.keys.LiveKeys;
import com.esperr.gateway.listen.HandshakeCount;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.telemetry.ServiceMetrics;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.PhaseDeadline;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The listener of the service. Thread-safe. Connections live on the shared event loops, in bounded number, and each has a
 * limit for every state it can be in. The decoder is that of visitors' connections, which are as dangerous.
 */
public final class ApiServer implements AutoCloseable {
    private static final int BACKLOG = 1024;
    /** The aggregator says how long a body may be. */
    private static final DecoderLimits LIMITS = new DecoderLimits(8192, 16 * 1024, 200, Long.MAX_VALUE);

    private static final int CLOSE_MILLIS = 1000;
    private static final Duration IDLE = Duration.ofSeconds(75);
    private static final Duration RECEIVE = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final RateLimits limits;
    private final Idempotency idempotency;
    private final ServiceMetrics metrics;
    private final @Nullable TlsFront tls;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final AtomicInteger open = new AtomicInteger();
    private final Channel listener;
    private volatile Api api;
    private volatile boolean draining;

    private ApiServer(Terms terms, EventLoops loops) throws IOException {
        this.metrics = terms.metrics;
        this.limits = new RateLimits(terms.config.rate(), terms.nanos);
        this.idempotency = new Idempotency(terms.config.idempotency(), terms.nanos);
        metrics.repeated(idempotency::repeated);
        metrics.show(limits.fill());
        metrics.show(idempotency.fill());
        this.api = Api.of(terms, limits, idempotency);
        this.tls = terms.tls;
        metrics.show(Fill.of(
                Bounded.SERVER_CONNECTIONS,
                this::connections,
                () -> api.config().maxConnections(),
                metrics::connectionsRefused));
        this.listener = bind(terms.config.address(), loops);
    }

    /**
     * Binds the address and answers from then on.
     *
     * @throws IOException if the address cannot be bound or a file cannot be used; the message names the key
     */
    public static ApiServer start(Terms terms, EventLoops loops) throws IOException {
        return new ApiServer(terms, loops);
    }

    /**
     * What the service is made of.
     *
     * @param tenants by their id
     * @param desk hands out the pages of challenges and looks at the answers
     * @param pages what people are told
     * @param ready whether it should be asked
     * @param tls how TLS is spoken with clients, or null
     * @param accessLog takes a line for every answer, or null
     * @param nanos the clock of limits
     * @param millis the clock of moments
     */
    public record Terms(
            ServerConfig config,
            RequestContexts contexts,
            Map<String, Tenant> tenants,
            LiveKeys keys,
            HostedChallenges challenges,
            ChallengeDesk desk,
            Pages pages,
            ServiceMetrics metrics,
            BooleanSupplier ready,
            @Nullable TlsFront tls,
            @Nullable LineSink accessLog,
            LongSupplier nanos,
            LongSupplier millis) {}

    /** Takes lines of the access log. Thread-safe and never blocks. */
    public interface LineSink {
        /** Takes one line with its line feed. */
        void line(byte[] line);
    }

    /**
     * Answers requests that come from now on as {@code next} has it; those under way end as they began. What listens, and the
     * clocks and numbers, stay as they are.
     */
    public void replace(Terms next) {
        limits.retune(next.config.rate());
        idempotency.retune(next.config.idempotency());
        boolean fewer = !next.tenants.keySet().containsAll(api.tenants());
        api = Api.of(next, limits, idempotency);
        if (fewer) {
            idempotency.keepOnly(api.tenants());
        }
    }

    /** Where it listens; the port is the real one even if port 0 was asked for. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Whether it speaks TLS. */
    public boolean isTls() {
        return tls != null;
    }

    /** Connections that are open. */
    public int connections() {
        return open.get();
    }

    /** Takes no more connections, and ends each behind its next answer. Not for event loops. */
    public void drain() {
        draining = true;
        listener.close().awaitUninterruptibly(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Closes what is open; waits a second for that at the most. Not for event loops. */
    @Override
    public void close() {
        drain();
        connections.close().awaitUninterruptibly(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Channel bind(HostPort address, EventLoops loops) throws IOException {
        InetSocketAddress where =
                address.anyHost() ? new InetSocketAddress(address.port()) : EventLoops.socketAddress(address);
        ChannelFuture bound = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, loops.allocator())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new Pipeline())
                .bind(where.isUnresolved() ? new InetSocketAddress(address.host(), address.port()) : where)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "server.address: " + address + " cannot be bound: "
                            + bound.cause().getMessage() + " (expected: a free address of this machine)",
                    bound.cause());
        }
        return bound.channel();
    }

    /** Sets up one accepted connection, or closes it when there are too many. */
    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            Api now = api;
            if (open.incrementAndGet() > now.config().maxConnections()) {
                open.decrementAndGet();
                metrics.connectionRefused();
                channel.close();
                return;
            }
            channel.closeFuture().addListener(closed -> open.decrementAndGet());
            connections.add(channel);
            PhaseDeadline deadline = new PhaseDeadline(IDLE, RECEIVE, ANSWER);
            RequestDecoder decoder = new RequestDecoder(LIMITS);
            if (tls != null) {
                tls.install(channel);
                channel.pipeline().addLast("handshakes", new HandshakeCount(tls));
            }
            channel.pipeline()
                    // Before the codec, because it counts from the first byte, before anything is understood.
                    .addFirst("deadline", deadline)
                    .addLast("decoder", decoder)
                    .addLast("strict", new StrictRequests(decoder))
                    .addLast("encoder", new HttpResponseEncoder())
                    .addLast("aggregator", new BodyAggregator(now.config().maxBody(), this::answered))
                    // Holds requests that came together until the one before is answered.
                    .addLast("flow", new FlowControlHandler())
                    .addLast(
                            "api",
                            new ApiConnection(
                                    () -> api, metrics, new ReplyWriter(deadline, () -> draining, this::answered)));
        }

        /** Every answer has its line where lines are written when it ends. */
        private void answered(
                String method,
                String operation,
                @Nullable Caller caller,
                int status,
                int bytesIn,
                int bytesOut,
                long nanos) {
            api.log().answered(method, operation, caller, status, bytesIn, bytesOut, nanos);
        }
    }
}
