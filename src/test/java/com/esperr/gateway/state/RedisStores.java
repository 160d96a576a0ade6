package com.esperr.gateway.state;

import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RedisServer;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Stores on a {@link RedisServer}, as tests need them. Static only. */
final class RedisStores {
    /** Texts as they are. */
    static final Codec<String> TEXT = new Codec<>() {
        @Override
        public String write(String value) {
            return value;
        }

        @Override
        public String read(String text) {
            if (text.startsWith("unreadable")) {
                throw new IllegalArgumentException(text);
            }
            return text;
        }
    };

    private RedisStores() {}

    /** How {@code server} is reached, with time limits that a busy machine keeps. */
    static RedisConfig config(RedisServer server) {
        return config(server, "", Duration.ofSeconds(2));
    }

    static RedisConfig config(RedisServer server, String username, String password) {
        return config(server, username, password, Duration.ofSeconds(2));
    }

    static RedisConfig config(RedisServer server, String password, Duration timeout) {
        return config(server, "", password, timeout);
    }

    private static RedisConfig config(RedisServer server, String username, String password, Duration timeout) {
        return new RedisConfig(
                RedisAddress.parse(server.url()),
                username,
                password,
                null,
                timeout,
                Duration.ofSeconds(2),
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                10_000,
                "test");
    }

    /** A store that is connected. */
    static RedisStore connected(RedisConfig config) {
        return connected(config, System::currentTimeMillis);
    }

    static RedisStore connected(RedisConfig config, LongSupplier millis) {
        RedisStore store = opened(config, millis);
        await().atMost(Duration.ofSeconds(20)).until(store::isUp);
        return store;
    }

    /** A store that may not be connected yet. */
    static RedisStore opened(RedisConfig config, LongSupplier millis) {
        return RedisStore.open(config, () -> Runnable::run, System::nanoTime, millis);
    }
}
