package com.esperr.gateway.state;

import com.esperr.gateway.testkit.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class RedisWindowsIT extends WindowsContract {
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
    Windows windows() {
        return store.windows();
    }

    @Override
    int operations() {
        return 10_000;
    }
}
