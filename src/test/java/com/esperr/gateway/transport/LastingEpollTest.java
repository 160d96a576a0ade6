package com.esperr.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A connection that waits for nothing costs nothing, even if the other end has reset it. */
class LastingEpollTest {
    private final AtomicInteger handled = new AtomicInteger();
    private final CountDownLatch halfClosed = new CountDownLatch(1);

    @Test
    void aResetBehindAHalfCloseIsNotToldForEver() throws Exception {
        assumeTrue(Epoll.isAvailable());
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, counting(LastingEpoll.factory()));
        try {
            Channel listener = listen(loops);
            try (Socket client = new Socket(
                    InetAddress.getLoopbackAddress(), ((InetSocketAddress) listener.localAddress()).getPort())) {
                client.shutdownOutput();
                assertThat(halfClosed.await(10, TimeUnit.SECONDS)).isTrue();
                client.setSoLinger(true, 0);
            }
            handled.set(0);
            loops.next().schedule(() -> {}, 300, TimeUnit.MILLISECONDS).get(10, TimeUnit.SECONDS);
            assertThat(handled).hasValueLessThan(20);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private Channel listen(MultiThreadIoEventLoopGroup loops) {
        return new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Waiter());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    private IoHandlerFactory counting(IoHandlerFactory factory) {
        return executor -> new Counting(factory.newHandler(executor));
    }

    /** Has read all there is and has nothing to say. */
    private final class Waiter extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                halfClosed.countDown();
            }
        }
    }

    /** Counts what the kernel tells. */
    private final class Counting implements IoHandler {
        private final IoHandler handler;

        Counting(IoHandler handler) {
            this.handler = handler;
        }

        @Override
        public int run(IoHandlerContext context) {
            int count = handler.run(context);
            handled.addAndGet(count);
            return count;
        }

        @Override
        public void initialize() {
            handler.initialize();
        }

        @Override
        public void prepareToDestroy() {
            handler.prepareToDestroy();
        }

        @Override
        public void destroy() {
            handler.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return handler.register(handle);
        }

        @Override
        public void wakeup() {
            handler.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return handler.isCompatible(type);
        }
    }
}
