package com.esperr.gateway.state;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * How connections to Redis are made: with the configured login, without reconnecting by themselves, never holding more
 * commands than the queue may. Thread-safe. The threads are the client's own and not the gateway's loops.
 */
final class RedisAccess implements AutoCloseable {
    private static final int THREADS = 2;

    private final RedisConfig config;
    private final RedisClient client;
    private final RedisURI uri;
    private final String prefix;

    RedisAccess(RedisConfig config) {
        this.config = config;
        this.prefix = config.prefix() + ":";
        this.uri = uri(config);
        this.client = RedisClient.create(Threads.SHARED);
        client.setOptions(options(config));
    }

    RedisConfig config() {
        return config;
    }

    BackOff backOff() {
        return new BackOff(config.firstPause(), config.longestPause());
    }

    /** The key of that name under the prefix. */
    String key(String name) {
        return prefix + name;
    }

    /** Where the map of that name is. */
    MapKeys map(String name, long maxRecords) {
        return MapKeys.of(config.prefix(), name, maxRecords);
    }

    /** Makes a connection; it is the caller's to close. */
    CompletableFuture<StatefulRedisConnection<String, String>> connect() {
        try {
            return client.connectAsync(StringCodec.UTF8, uri).toCompletableFuture();
        } catch (RedisException | IllegalStateException unusable) {
            return CompletableFuture.failedFuture(unusable);
        }
    }

    /** Calls {@code then} when the connection ends, on a thread of the client. */
    void whenLost(StatefulRedisConnection<String, String> open, Runnable then) {
        open.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> ended) {
                then.run();
            }
        });
        if (!open.isOpen()) {
            then.run();
        }
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }

    /**
     * The threads of all clients, made for the first. If each had its own, the sockets with which names were resolved on them would not
     * always be closed when they end.
     */
    private static final class Threads {
        static final ClientResources SHARED = DefaultClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .build();
    }

    private static RedisURI uri(RedisConfig config) {
        RedisAddress where = config.address();
        RedisURI.Builder builder = RedisURI.Builder.redis(
                        where.address().host(), where.address().port())
                .withDatabase(where.database())
                .withSsl(where.tls())
                .withTimeout(config.connectTimeout())
                .withClientName("esper-gateway");
        if (!config.username().isEmpty()) {
            builder.withAuthentication(config.username(), config.password());
        } else if (!config.password().isEmpty()) {
            builder.withPassword(config.password().toCharArray());
        }
        return builder.build();
    }

    private static ClientOptions options(RedisConfig config) {
        ClientOptions.Builder options = ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(config.queue())
                // Whoever asks has a time limit of its own, which is told on time.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(config.connectTimeout())
                        .keepAlive(true)
                        .build());
        if (config.caFile() != null) {
            options.sslOptions(SslOptions.builder()
                    .jdkSslProvider()
                    .trustManager(config.caFile().toFile())
                    .build());
        }
        return options.build();
    }
}
