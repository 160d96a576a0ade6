package com.esperr.gateway.upstream;

import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.http1.ResponseDecoder;
import com.esperr.gateway.transport.ClientTls;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.TlsFailure;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one endpoint for {@code health.path}, on a connection of its own each time, and takes it out while its answers are
 * not what they should be. Works on one event loop; thread-safe to read.
 */
final class HealthProbe implements EndpointProbe {
    private static final Logger LOG = LoggerFactory.getLogger(HealthProbe.class);

    private final OriginEndpoint endpoint;
    private final HealthConfig config;
    private final EventLoops loops;
    private final EventLoop loop;
    private final HealthTally tally;
    private final String request;
    private volatile @Nullable String trouble = "not yet asked";
    private volatile boolean closed;
    private @Nullable Question open;

    HealthProbe(OriginEndpoint endpoint, EventLoops loops) {
        this.endpoint = endpoint;
        this.config = endpoint.config().health();
        this.loops = loops;
        this.loop = loops.group().next();
        this.tally = new HealthTally(config);
        this.request = "GET " + config.path() + " HTTP/1.1\r\nHost: "
                + endpoint.target().hostHeader()
                + "\r\nUser-Agent: esper-gateway\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        loop.execute(this::ask);
    }

    @Override
    public @Nullable String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        closed = true;
        loop.execute(() -> {
            if (open != null) {
                open.answered("closed");
            }
        });
    }

    private void ask() {
        if (closed) {
            return;
        }
        Question question = new Question();
        open = question;
        question.limit = loop.schedule(
                () -> question.answered("no answer within health.timeout"),
                config.timeout().toNanos(),
                TimeUnit.NANOSECONDS);
        endpoint.bootstrap(loops, loop, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        question.prepare(channel);
                    }
                })
                .connect(endpoint.address(loops))
                .addListener((ChannelFuture done) -> loop.execute(() -> question.connected(done)));
    }

    private void told(@Nullable String answer) {
        open = null;
        if (closed) {
            return;
        }
        endpoint.checks(answer == null).increment();
        boolean changed = tally.add(answer);
        String told = answer == null ? null : endpoint.target() + ": " + config.path() + ": " + answer;
        if (changed) {
            trouble = tally.up() ? null : told;
            endpoint.health().down(trouble);
            if (trouble != null) {
                LOG.warn("origin {}: down", trouble);
            } else {
                LOG.info("origin {}: up", endpoint.label());
            }
        }
        var unused = loop.schedule(this::ask, config.interval().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** One question; confined to the event loop. */
    private final class Question extends ChannelInboundHandlerAdapter {
        private @Nullable ScheduledFuture<?> limit;
        private @Nullable Channel channel;
        private boolean over;

        private void prepare(Channel made) {
            channel = made;
            endpoint.begin(made);
            ResponseDecoder decoder = new ResponseDecoder(endpoint.config().limits());
            decoder.expect("GET");
            made.pipeline().addLast("decoder", decoder).addLast("question", this);
        }

        private void connected(ChannelFuture done) {
            Throwable cause = done.cause();
            if (cause != null) {
                answered(String.valueOf(cause.getMessage()));
                return;
            }
            ClientTls.afterHandshake(done.channel(), failure -> {
                if (failure != null) {
                    answered("tls: " + TlsFailure.describe(failure));
                } else {
                    done.channel()
                            .writeAndFlush(ByteBufUtil.writeAscii(done.channel().alloc(), request));
                }
            });
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ResponseHead head) {
                if (!head.interim()) {
                    answered(config.statuses().contains(head.status()) ? null : "answered " + head.status());
                }
            } else if (message instanceof BadMessage bad) {
                answered(bad.detail());
            } else {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answered("connection closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answered(String.valueOf(cause.getMessage()));
        }

        /** Ends the question, once. */
        private void answered(@Nullable String answer) {
            if (over) {
                return;
            }
            over = true;
            if (limit != null) {
                limit.cancel(false);
            }
            if (channel != null) {
                channel.close();
            }
            told(answer);
        }
    }
}
