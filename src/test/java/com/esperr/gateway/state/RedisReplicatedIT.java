package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract with Redis behind it: what one process sees of its own writes. */
class RedisReplicatedIT extends ReplicatedContract {
    private static RedisServer server;
    private RedisStore store;
    private Replicated<String> values;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void join() {
        server.command("FLUSHALL");
        store = RedisStores.connected(RedisStores.config(server), clock::get);
        values = store.replicated("values", RedisStores.TEXT, MAX_ENTRIES, Runnable::run);
        await().until(() -> values.trouble() == null);
    }

    @AfterEach
    void leave() {
        store.close();
    }

    @Override
    Replicated<String> values() {
        return values;
    }

    @Override
    long echoes() {
        return 3L * MAX_ENTRIES;
    }

    @Test
    void canBeReadWhenClosed() {
        put(ALICE, "block", 1_000);
        store.close();
        assertThat(find(ALICE)).isEqualTo("block");
        put(BOB, "block", 1_000);
        assertThat(find(BOB)).isEqualTo("block");
    }

    @Test
    void theStoreForgetsWhatIsClosed() {
        long room = store.fills().get(0).capacity();
        Replicated<String> other = store.replicated("other", RedisStores.TEXT, MAX_ENTRIES, Runnable::run);
        await().until(() -> other.trouble() == null);
        assertThat(store.fills().get(0).capacity()).isEqualTo(2 * room);
        other.close();
        assertThat(store.fills().get(0).capacity()).isEqualTo(room);
        put(ALICE, "block", 1_000);
        assertThat(find(ALICE)).isEqualTo("block");
    }
}
