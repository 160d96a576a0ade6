package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.StateKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeedHubTest {
    private static final int HISTORY = 100;
    private static final ActiveMitigation BLOCKED = new ActiveMitigation(
            "shop",
            "ip",
            Map.of(),
            Action.BLOCK,
            "block",
            null,
            null,
            null,
            "m-1",
            0,
            ActiveMitigation.By.MANUAL,
            null);
    private static final HashSeed SEED = HashSeed.random();

    private final ServerConfig config = Configurations.read(
                    ConfigSource.load(
                            null, Map.of(), Map.of("server.feed.history", "100", "server.feed.heartbeat", "60s")),
                    root -> ServerConfig.read(
                            root.section("server"), root.section("listen").section("tls")))
            .value();
    private final MemoryReplicated<ActiveMitigation> mitigations = new MemoryReplicated<>(10_000, () -> 0);
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1);
    private final FeedHub hub =
            new FeedHub("shop", mitigations, () -> new FeedShape(SEED, 64, List.of()), config, thread, () -> 0);

    @AfterEach
    void stop() {
        hub.close();
        thread.shutdownNow();
    }

    @Test
    void moreChangesThanTheHistoryAreNotKeptAndEverybodyBeginsAnew() throws Exception {
        Listener listener = new Listener();
        assertThat(hub.admit()).isTrue();
        hub.subscribe(null, listener, () -> true);
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        thread.execute(() -> {
            begun.countDown();
            await(blocked);
        });
        await(begun);
        int before = thread.getQueue().size();
        for (int i = 0; i < 10 * HISTORY; i++) {
            mitigations.put(new StateKey(i, i), BLOCKED, 60_000);
        }
        assertThat(thread.getQueue().size() - before).isLessThanOrEqualTo(HISTORY + 1);
        blocked.countDown();
        thread.submit(() -> {}).get(30, TimeUnit.SECONDS);
        assertThat(listener.cut).isTrue();
        assertThat(hub.cuts()).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Listener implements ReplyStream {
        private final AtomicBoolean cut = new AtomicBoolean();

        @Override
        public void send(byte[] bytes, Runnable written) {}

        @Override
        public void end() {}

        @Override
        public void cut() {
            cut.set(true);
        }

        @Override
        public void onClose(Runnable action) {}
    }
}
