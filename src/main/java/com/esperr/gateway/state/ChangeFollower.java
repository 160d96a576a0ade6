package com.esperr.gateway.state;

import com.esperr.gateway.state.SharedRecord.Placed;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a replicated map and then its changes from Redis, on a connection and a thread of its own, which waits there. It
 * begins anew whenever it may have missed one: after a lost connection, when a number is left out, when Redis forgot.
 */
final class ChangeFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFollower.class);
    private static final RedisScript JOIN = RedisScript.named("join");
    private static final RedisScript PRUNE = RedisScript.named("prune");
    private static final Duration WAIT = Duration.ofMillis(250);
    private static final long PRUNE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int BATCH = 500;
    private static final int LINK_POLL_MILLIS = 20;

    private final String name;
    private final long most;
    private final Replica replica;
    private final RedisStore.Parts parts;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile @Nullable String trouble = "not read yet";
    private volatile boolean resync;
    private volatile boolean away;
    private volatile boolean following;
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile long delayMillis;
    private volatile long deafSinceMillis;
    private @Nullable String life;
    private long number;
    private ChangeId position = ChangeId.NONE;
    private long prunedAt;

    /** Of the map of that name, of which Redis keeps {@code most} records. */
    ChangeFollower(String name, long most, Replica replica, RedisStore.Parts parts) {
        this.name = name;
        this.most = most;
        this.replica = replica;
        this.parts = parts;
        this.deafSinceMillis = parts.clock().here();
        this.prunedAt = parts.nanos().getAsLong();
        this.thread = new Thread(this::run, "redis-" + name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Null while changes are heard, or one sentence on why not. */
    @Nullable
    String trouble() {
        String reason = trouble;
        return reason == null ? null : parts.link().access().config().address() + ": " + name + ": " + reason;
    }

    long lagMillis() {
        return trouble == null ? delayMillis : Math.max(0, parts.clock().here() - deafSinceMillis);
    }

    /** Has everything read anew soon. */
    void resync() {
        resync = true;
    }

    /** Lets go of Redis where it is, until {@link #join}; what was read from it stays. */
    void leave() {
        away = true;
        StatefulRedisConnection<String, String> open = connection;
        if (open != null) {
            open.closeAsync();
        }
    }

    /** Whether it may still be at work with a Redis that it was to leave. */
    boolean isFollowing() {
        return following;
    }

    /** Reads everything anew where Redis is now. */
    void join() {
        away = false;
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }

    private void run() {
        while (!ended(0)) {
            RedisLink link = parts.link();
            BackOff backOff = link.access().backOff();
            while (!ended(0) && link == parts.link()) {
                // Not before there is agreement on the seed: what is read before would be forgotten again.
                if (away || !link.isUp()) {
                    ended(LINK_POLL_MILLIS);
                } else if (!followed(link, backOff)) {
                    return;
                } else if (!away) {
                    ended(backOff.next());
                }
            }
        }
    }

    /** Follows for as long as it can; answers whether it may try again. */
    private boolean followed(RedisLink link, BackOff backOff) {
        following = true;
        try {
            // After the other, so that nobody who says that it is to leave misses that it does not.
            if (!away) {
                follow(link, backOff);
            }
        } catch (RedisException | ExecutionException | TimeoutException failed) {
            lost(RedisFailures.sentence(failed));
        } catch (InterruptedException stopped) {
            return false;
        } catch (RuntimeException fault) {
            if (!away) {
                LOG.error("{}: changes cannot be followed", name, fault);
            }
            lost(fault.toString());
        } finally {
            following = false;
        }
        return true;
    }

    private void lost(String reason) {
        if (away) {
            return;
        }
        if (closed.getCount() > 0 && trouble == null) {
            LOG.warn("{}: changes are not heard: {}", name, reason);
            deafSinceMillis = parts.clock().here();
        }
        trouble = reason;
    }

    /** Waits for so long; answers whether it has ended. */
    private boolean ended(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            return true;
        }
    }

    private void follow(RedisLink link, BackOff backOff)
            throws InterruptedException, ExecutionException, TimeoutException {
        RedisAccess access = link.access();
        Duration patience = access.config().connectTimeout();
        MapKeys keys = access.map(name, most);
        try (StatefulRedisConnection<String, String> open =
                access.connect().get(patience.toMillis() * 2, TimeUnit.MILLISECONDS)) {
            connection = open;
            open.setTimeout(WAIT.plus(patience));
            RedisCommands<String, String> redis = open.sync();
            resync = true;
            // The link as well: a connection that took long may have come when Redis was elsewhere already.
            while (!away && link == parts.link() && !ended(0)) {
                if (resync) {
                    resync = false;
                    load(keys, redis);
                    trouble = null;
                    backOff.reset();
                }
                read(keys, redis);
                replica.heardUpTo(position);
                prune(keys, redis);
            }
        } finally {
            connection = null;
        }
    }

    private void load(MapKeys keys, RedisCommands<String, String> redis) {
        List<Object> state = run(
                redis,
                JOIN,
                ScriptOutputType.MULTI,
                keys.forJoining(),
                UUID.randomUUID().toString());
        String found = (String) state.get(0);
        long changes = Long.parseLong((String) state.get(1));
        boolean forgot = life != null && (!life.equals(found) || changes < number);
        Set<StateKey> seen = new HashSet<>();
        MapScanCursor<String, String> page = redis.hscan(keys.records(), ScanArgs.Builder.limit(BATCH));
        take(page, seen);
        while (!page.isFinished()) {
            page = redis.hscan(keys.records(), page, ScanArgs.Builder.limit(BATCH));
            take(page, seen);
        }
        replica.loadedAll(seen, forgot);
        life = found;
        number = changes;
        position = ChangeId.parse((String) state.get(2));
        parts.counts().resynced();
    }

    private void take(MapScanCursor<String, String> page, Set<StateKey> seen) {
        for (Map.Entry<String, String> record : page.getMap().entrySet()) {
            StateKey key = StateKey.parse(record.getKey());
            seen.add(key);
            replica.loaded(key, Placed.parse(record.getValue()));
        }
    }

    @SuppressWarnings("unchecked") // The array of one generic offset that the client's signature asks for.
    private void read(MapKeys keys, RedisCommands<String, String> redis) {
        List<StreamMessage<String, String>> messages = redis.xread(
                XReadArgs.Builder.block(WAIT).count(BATCH),
                XReadArgs.StreamOffset.from(keys.changes(), position.toString()));
        for (StreamMessage<String, String> message : messages) {
            Map<String, String> change = message.getBody();
            long next = Long.parseLong(field(change, "number"));
            if (next != number + 1) {
                LOG.info("{}: change {} follows {}: everything is read anew", keys.name(), next, number);
                resync = true;
                return;
            }
            number = next;
            position = ChangeId.parse(message.getId());
            Placed placed = new Placed(position, SharedRecord.parse(field(change, "record")));
            replica.changed(
                    StateKey.parse(field(change, "key")),
                    placed,
                    field(change, "writer"),
                    Long.parseLong(field(change, "write")));
            delayMillis = Math.max(0, parts.clock().now() - position.millis());
        }
    }

    private void prune(MapKeys keys, RedisCommands<String, String> redis) {
        long now = parts.nanos().getAsLong();
        if (now - prunedAt < PRUNE_NANOS) {
            return;
        }
        Long gone = run(
                redis,
                PRUNE,
                ScriptOutputType.INTEGER,
                keys.forPruning(),
                Long.toString(keys.maxRecords()),
                Integer.toString(BATCH));
        // A full step is followed by another one at once.
        prunedAt = gone < BATCH ? now : now - PRUNE_NANOS;
    }

    private static String field(Map<String, String> change, String name) {
        String value = change.get(name);
        if (value == null) {
            throw new IllegalStateException("a change without " + name);
        }
        return value;
    }

    private static <T> T run(
            RedisCommands<String, String> redis,
            RedisScript script,
            ScriptOutputType type,
            String[] keys,
            String... arguments) {
        try {
            return redis.evalsha(script.digest(), type, keys, arguments);
        } catch (RedisNoScriptException unknown) {
            return redis.eval(script.text(), type, keys, arguments);
        }
    }

    /** Whoever is told. Called on the follower's thread. */
    interface Replica {
        /** Somebody, perhaps this replica, wrote to {@code key}. */
        void changed(StateKey key, Placed change, String writer, long write);

        /** While everything is read: {@code key} is there. */
        void loaded(StateKey key, Placed found);

        /**
         * Everything was read.
         *
         * @param found all keys that are there
         * @param redisForgot whether Redis has lost changes, so that what is not there was not removed by anybody
         */
        void loadedAll(Set<StateKey> found, boolean redisForgot);

        /** All changes up to {@code position} were told; called at least a few times a second. */
        void heardUpTo(ChangeId position);
    }
}
