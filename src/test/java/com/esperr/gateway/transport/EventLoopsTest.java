package com.esperr.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.transport.TransportConfig.Transport;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventLoopsTest {
    @ParameterizedTest
    @EnumSource
    void everyTransportStartsTheLoopsItWasAskedForOrSaysWhyNot(Transport transport) {
        if (!EventLoops.available(transport)) {
            assertThatThrownBy(() -> EventLoops.start(new TransportConfig(transport, 2)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("runtime.transport: " + transport.label() + " is not available here: ")
                    .hasMessageEndingWith(" (expected: auto or nio)");
            return;
        }
        try (EventLoops loops = EventLoops.start(new TransportConfig(transport, 2))) {
            assertThat(loops.size()).isEqualTo(2);
            assertThat(loops.name()).isIn("epoll", "io_uring", "kqueue", "nio");
            String prefix = loops.name().replace("_", "");
            assertThat(loops.serverChannel().getSimpleName()).startsWithIgnoringCase(prefix);
            assertThat(loops.clientChannel().getSimpleName()).startsWithIgnoringCase(prefix);
            assertThat(loops.unixServerChannel().getSimpleName()).startsWithIgnoringCase(prefix + "ServerDomain");
            assertThat(loops.unixClientChannel().getSimpleName()).startsWithIgnoringCase(prefix + "Domain");
        }
    }

    @Test
    void zeroLoopsMeansOneForEachProcessor() {
        assertThat(new TransportConfig(Transport.AUTO, 0).loops())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void closingEndsTheThreads() {
        EventLoops loops = EventLoops.start(new TransportConfig(Transport.AUTO, 2));
        loops.close();
        assertThat(loops.group().isTerminated()).isTrue();
    }

    @Test
    void aLoopLocalIsOneValueForEachLoopMadeOnThatLoop() throws Exception {
        try (EventLoops loops = EventLoops.start(new TransportConfig(Transport.NIO, 3))) {
            LoopLocal<EventLoop> local = new LoopLocal<>(loop -> {
                assertThat(loop.inEventLoop()).isTrue();
                return loop;
            });
            List<EventLoop> seen = new ArrayList<>();
            for (EventExecutor loop : loops.group()) {
                EventLoop first = loop.submit(local::get).get(5, TimeUnit.SECONDS);
                assertThat(loop.submit(local::get).get(5, TimeUnit.SECONDS)).isSameAs(first);
                seen.add(first);
            }
            assertThat(seen).doesNotHaveDuplicates().hasSize(3);
            Set<EventLoop> visited = ConcurrentHashMap.newKeySet();
            CountDownLatch all = new CountDownLatch(3);
            local.forEach(loop -> {
                assertThat(loop.inEventLoop()).isTrue();
                visited.add(loop);
                all.countDown();
            });
            assertThat(all.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(visited).containsExactlyInAnyOrderElementsOf(seen);
        }
    }

    @Test
    void tasksThatWaitAreCounted() throws Exception {
        try (EventLoops loops = EventLoops.start(new TransportConfig(Transport.NIO, 1))) {
            CountDownLatch running = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            loops.group().execute(() -> {
                running.countDown();
                try {
                    go.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(running.await(5, TimeUnit.SECONDS)).isTrue();
            loops.group().execute(() -> {});
            loops.group().execute(() -> {});
            assertThat(loops.pendingTasks()).isEqualTo(2);
            go.countDown();
        }
    }

    @Test
    void aLoopLocalHasNoValueElsewhere() {
        assertThatThrownBy(() -> new LoopLocal<>(loop -> loop).get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("(expected: an event loop of the gateway)");
    }

    @Test
    void addressesNeedNoResolver() {
        assertThat(EventLoops.socketAddress(HostPort.parse("127.0.0.1:80")).isUnresolved())
                .isFalse();
        assertThat(EventLoops.socketAddress(HostPort.parse("[::1]:80")).isUnresolved())
                .isFalse();
        assertThat(EventLoops.socketAddress(HostPort.parse("app.internal:80")).isUnresolved())
                .isTrue();
    }
}
