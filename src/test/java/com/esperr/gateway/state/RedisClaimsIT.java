package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisClaimsIT extends ClaimsContract {
    private static RedisServer server;
    private RedisStore store;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void connect() {
        server.command("FLUSHALL");
        store = RedisStores.connected(RedisStores.config(server));
    }

    @AfterEach
    void disconnect() {
        store.close();
    }

    @Override
    Claims claims() {
        return store.claims();
    }

    @Test
    void replicasClaimFromEachOther() {
        try (RedisStore other = RedisStores.connected(RedisStores.config(server))) {
            assertThat(claim(PROOF, ALICE)).isEqualTo("FRESH");
            assertThat(claim(other.claims(), PROOF, BOB, 60_000)).isEqualTo("TAKEN");
            assertThat(claim(other.claims(), PROOF, ALICE, 60_000)).isEqualTo("AGAIN");
        }
    }

    @Test
    void redisForgetsAClaimByItself() {
        assertThat(claim(store.claims(), PROOF, ALICE, 50)).isEqualTo("FRESH");
        await().atMost(Duration.ofSeconds(30)).until(() -> claim(PROOF, BOB).equals("FRESH"));
    }

    @Test
    void aClaimThatCannotBeMadeFailsAtOnce() {
        store.close();
        assertThat(claim(PROOF, ALICE)).startsWith("redis: ");
        assertThat(store.claims().trouble()).isNotNull();
    }
}
