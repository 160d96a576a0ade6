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
import java.util.concurrent.atomic.AtomicInteger;
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

    private final ServerConfig config = config("100", "60s", "1000");
    private final MemoryReplicated<ActiveMitigation> mitigations = new MemoryReplicated<>(10_000, () -> 0);
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1);
    private final AtomicInteger prefix = new AtomicInteger(64);
    private final FeedHub hub = new FeedHub(
            "shop", mitigations, () -> new FeedShape(SEED, prefix.get(), List.of()), config, thread, () -> 0);

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

    private static ServerConfig config(String history, String heartbeat, String subscribers) {
        Map<String, String> keys = Map.of(
                "server.feed.history", history,
                "server.feed.heartbeat", heartbeat,
                "server.feed.max-subscribers", subscribers);
        return Configurations.read(
                        ConfigSource.load(null, Map.of(), keys),
                        root -> ServerConfig.read(
                                root.section("server"), root.section("listen").section("tls")))
                .value();
    }

    private Listener listener(AtomicBoolean welcome) throws Exception {
        Listener listener = new Listener();
        assertThat(hub.admit()).isTrue();
        hub.subscribe(null, listener, welcome::get);
        settle();
        return listener;
    }

    private void settle() throws Exception {
        thread.submit(() -> {}).get(60, TimeUnit.SECONDS);
    }

    @Test
    void whoMayNotListenAnyMoreIsSentOffAndNobodyElse() throws Exception {
        AtomicBoolean mayStay = new AtomicBoolean(true);
        AtomicBoolean mayNot = new AtomicBoolean(true);
        Listener stays = listener(mayStay);
        Listener goes = listener(mayNot);
        mayNot.set(false);
        hub.review();
        settle();
        assertThat(goes.ended).isTrue();
        assertThat(stays.ended).isFalse();
        assertThat(listener(mayNot).ended).isTrue();
    }

    @Test
    void otherKeysOfVisitorsSendEverybodyOff() throws Exception {
        Listener listener = listener(new AtomicBoolean(true));
        prefix.set(56);
        hub.review();
        settle();
        assertThat(listener.ended).isTrue();
        assertThat(hub.cuts()).isZero();
    }

    @Test
    void anotherHistoryOrHeartbeatSendsEverybodyOffAndMoreSubscribersNobody() throws Exception {
        Listener listener = listener(new AtomicBoolean(true));
        hub.retune(config("100", "60s", "1"));
        settle();
        assertThat(listener.ended).isFalse();
        assertThat(hub.admit()).isFalse();
        assertThat(hub.fill().capacity()).isEqualTo(1);
        hub.retune(config("50", "60s", "1000"));
        settle();
        assertThat(listener.ended).isTrue();
        Listener next = listener(new AtomicBoolean(true));
        hub.retune(config("50", "5m", "1000"));
        settle();
        assertThat(next.ended).isTrue();
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
        private final AtomicBoolean ended = new AtomicBoolean();

        @Override
        public void send(byte[] bytes, Runnable written) {}

        @Override
        public void end() {
            ended.set(true);
        }

        @Override
        public void cut() {
            cut.set(true);
        }

        @Override
        public void onClose(Runnable action) {}
    }
}
