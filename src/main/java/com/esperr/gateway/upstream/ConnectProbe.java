package com.esperr.gateway.upstream;

import com.esperr.gateway.transport.ClientTls;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.TlsFailure;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether an endpoint takes connections. While exchanges hold open connections that is proof enough; otherwise a
 * connection is opened and closed again every two seconds. Thread-safe.
 */
final class ConnectProbe implements EndpointProbe {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectProbe.class);
    private static final long PERIOD_SECONDS = 2;
    /** Probes in a row that failed: one alone is an application that starts, or starts again. */
    private static final int WORTH_SAYING = 2;

    private final OriginEndpoint endpoint;
    private final EventLoops loops;
    private final PoolGauges gauges;
    private final Bootstrap bootstrap;
    private final ScheduledFuture<?> schedule;
    private final AtomicInteger inVain = new AtomicInteger();
    private volatile @Nullable String trouble = "not yet probed";
    private volatile boolean closed;

    ConnectProbe(OriginEndpoint endpoint, EventLoops loops) {
        this.endpoint = endpoint;
        this.loops = loops;
        this.gauges = endpoint.gauges();
        this.bootstrap = endpoint.bootstrap(loops, loops.group(), new Nothing(endpoint));
        this.schedule = loops.group().next().scheduleAtFixedRate(this::probe, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable String trouble() {
        return gauges.open() > 0 ? null : trouble;
    }

    @Override
    public void close() {
        closed = true;
        schedule.cancel(false);
    }

    private void probe() {
        if (closed) {
            return;
        }
        if (gauges.open() > 0) {
            found(null);
            return;
        }
        bootstrap.connect(endpoint.address(loops)).addListener((ChannelFuture done) -> {
            Throwable cause = done.cause();
            if (cause != null) {
                found(endpoint.target() + ": " + cause.getMessage());
                return;
            }
            ClientTls.afterHandshake(done.channel(), failure -> {
                found(failure == null ? null : endpoint.target() + ": tls: " + TlsFailure.describe(failure));
                done.channel().close();
            });
        });
    }

    private void found(@Nullable String told) {
        trouble = told;
        endpoint.unreachable(told);
        if (told == null) {
            if (inVain.getAndSet(0) >= WORTH_SAYING) {
                LOG.info("origin {}: takes connections again", endpoint.target());
            }
        } else if (inVain.incrementAndGet() == WORTH_SAYING) {
            LOG.warn(
                    "origin {}: takes no connections; requests for it are answered 502 or 504 unless another endpoint takes them",
                    told);
        }
    }

    /** What a probe does on its connection, which is nothing beyond TLS; every probe has the same one. Immutable. */
    @Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {
        private final OriginEndpoint endpoint;

        Nothing(OriginEndpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            endpoint.begin(ctx.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // The handshake has told of it.
            ctx.close();
        }
    }
}
