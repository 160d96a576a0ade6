package com.esperr.gateway.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.net.OriginUrl;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.testkit.Questions;
import com.esperr.gateway.testkit.TestFeed;
import com.esperr.gateway.testkit.TestRelay;
import com.esperr.gateway.testkit.TestService;
import com.esperr.gateway.transport.BackOff;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.HttpClientConfig;
import com.esperr.gateway.transport.TransportConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A hundred gateways' feeds and the true service, both ends of the contract at once. */
class FollowersIT {
    private static final int FOLLOWERS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final EventLoops loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.AUTO, 2));
    private final List<Follower> followers = new ArrayList<>();
    private TestService service;
    private TestRelay relay;

    /** What one gateway would remember. */
    private static final class Follower implements MitigationSink {
        private final PushedFeed feed;
        private final Set<StateKey> active = ConcurrentHashMap.newKeySet();

        Follower(PushedFeed feed) {
            this.feed = feed;
        }

        @Override
        public void put(StateKey key, Mitigation mitigation) {
            active.add(key);
        }

        @Override
        public boolean remove(StateKey key, long asOfMillis) {
            return active.remove(key);
        }

        @Override
        public Replacement replaceAll() {
            Set<StateKey> told = new HashSet<>();
            return new Replacement() {
                @Override
                public void put(StateKey key, Mitigation mitigation) {
                    told.add(key);
                    active.add(key);
                }

                @Override
                public void done() {
                    active.retainAll(told);
                }
            };
        }

        @Override
        public void heard() {}
    }

    @BeforeEach
    void start() {
        service = TestService.start(directory, Map.of("server.feed.heartbeat", "1s"));
        relay = TestRelay.to(service.port());
        BackOff backOff = new BackOff(Duration.ofMillis(50), Duration.ofMillis(500));
        PushedConfig config = new PushedConfig(TestFeed.PATH, Duration.ofSeconds(10), backOff);
        HttpClientConfig http = new HttpClientConfig(
                OriginUrl.parse("http://127.0.0.1:" + relay.port()),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                1,
                1,
                1000,
                null);
        Fields key =
                Fields.builder(1).add("X-Esper-Api-Key", service.key("shop")).build();
        MitigationKeys keys = new MitigationKeys(HashSeed.random(), List.of(FieldReference.parse("client_ip")));
        for (int i = 0; i < FOLLOWERS; i++) {
            Follower follower = new Follower(PushedFeed.of(config, http, key, loops, System::nanoTime));
            followers.add(follower);
            follower.feed.start(follower, keys);
        }
        await().atMost(PATIENCE).until(() -> followers.stream().allMatch(one -> one.feed.connected()));
    }

    @AfterEach
    void end() {
        followers.forEach(follower -> follower.feed.close());
        loops.close();
        relay.close();
        service.close();
    }

    private void trap(int visitor) {
        String address = "198.51.100." + visitor;
        assertThat(service.post(
                                "shop",
                                "/api/v1/beacon/event",
                                Questions.event("shop", "trap " + address, "/trap", address, "curl/8"))
                        .body())
                .contains("\"decision\":\"Block\"");
    }

    private boolean allKnow(int visitors) {
        return followers.stream().allMatch(follower -> follower.active.size() == visitors);
    }

    @Test
    void aNewBlockReachesAHundredGateways() {
        for (int round = 1; round <= 10; round++) {
            int expected = round;
            long begun = System.nanoTime();
            trap(round);
            await().pollInterval(Duration.ofMillis(2)).until(() -> allKnow(expected));
            // For the log, not for an assertion: the machine may be busy with something else.
            LoggerFactory.getLogger(FollowersIT.class)
                    .info(
                            "{} gateways know {} ms after the request",
                            FOLLOWERS,
                            (System.nanoTime() - begun) / 1_000_000);
        }
        assertThat(followers)
                .allSatisfy(follower -> assertThat(follower.feed.resyncs()).isEqualTo(1));
    }

    @Test
    void whoIsCutOffAgainAndAgainMissesNothing() {
        for (int visitor = 1; visitor <= 60; visitor++) {
            trap(visitor);
            if (visitor % 10 == 0) {
                relay.cut();
            }
        }
        await().atMost(PATIENCE).until(() -> allKnow(60));
        await().atMost(PATIENCE).until(() -> followers.stream().allMatch(one -> one.feed.connected()));
        Set<StateKey> same = Set.copyOf(followers.get(0).active);
        assertThat(followers).allSatisfy(follower -> {
            assertThat(follower.active).isEqualTo(same);
            assertThat(follower.feed.trouble()).isNull();
            // All of it by cursor: nobody had to be told everything again.
            assertThat(follower.feed.resyncs()).isEqualTo(1);
        });
    }
}
