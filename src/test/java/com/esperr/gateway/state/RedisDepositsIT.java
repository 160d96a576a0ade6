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

class RedisDepositsIT extends DepositsContract {
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
    Deposits deposits() {
        return store.deposits();
    }

    @Test
    void anotherReplicaTakesWhatOneLaidDown() {
        put(ALICE, "a");
        try (RedisStore other = RedisStores.connected(RedisStores.config(server))) {
            assertThat(take(other.deposits(), ALICE)).isEqualTo("a");
        }
        assertThat(take(ALICE)).isEqualTo("nothing");
    }

    @Test
    void redisForgetsADepositByItself() {
        put(deposits(), ALICE, "a", 20);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !server.command("KEYS", "test:d:*").contains("test:d:"));
        assertThat(take(ALICE)).isEqualTo("nothing");
    }

    @Test
    void whatCannotBeDoneFailsAtOnce() {
        store.close();
        assertThat(put(ALICE, "a")).startsWith("redis: ");
        assertThat(take(ALICE)).startsWith("redis: ");
    }
}
