package com.esperr.gateway.state;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.state.LocalCopy.Entry;
import com.esperr.gateway.state.PendingWrites.Write;
import com.esperr.gateway.state.SharedRecord.Placed;
import io.lettuce.core.ScriptOutputType;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A map that replicas share through Redis: each has a copy in its memory, Redis has the records and the order of changes.
 * Thread-safe; writing changes the copy and sends the write on without waiting, and {@link ChangeFollower} hands in what
 * others wrote. What one replica wrote is never replaced in its copy by what others wrote before, not for a moment.
 *
 * <p>Of two writes the later counts by Redis's clock, as well as each replica knows it; a write that reaches Redis late, after
 * an outage, is taken only if nobody wrote meanwhile.
 */
final class RedisReplicated<V> implements Replicated<V>, ChangeFollower.Replica {
    private static final Logger LOG = LoggerFactory.getLogger(RedisReplicated.class);
    private static final RedisScript WRITE = RedisScript.named("write");
    /** So long Redis remembers that a key was removed, so that a replica that comes back does not bring the value back. */
    private static final long REMOVAL_MILLIS = 3_600_000;

    private final String name;
    private final long most;
    private final Codec<V> codec;
    private final LocalCopy<V> copy;
    private final PendingWrites pending;
    private final RedisStore.Parts parts;
    private final SharedClock clock;
    private final RedisCounts counts;
    private final ChangeFollower follower;
    /** The time of this replica's last write. */
    private final AtomicLong written = new AtomicLong();

    private final String writer = UUID.randomUUID().toString();
    private volatile Runnable end = () -> {};

    /** The map of that name, of which Redis keeps {@code most} records. */
    RedisReplicated(String name, long most, Codec<V> codec, LocalCopy<V> copy, RedisStore.Parts parts) {
        this.name = name;
        this.most = most;
        this.codec = codec;
        this.copy = copy;
        this.parts = parts;
        this.clock = parts.clock();
        this.counts = parts.counts();
        this.pending = new PendingWrites(() -> parts.link().access().config().queue(), counts);
        this.follower = new ChangeFollower(name, most, this, parts);
    }

    /** Begins to hear of what others write; {@code end} is done when it is closed. */
    void start(Runnable end) {
        this.end = end;
        follower.start();
    }

    @Override
    public @Nullable V find(StateKey key, long nowMillis) {
        return copy.find(key, nowMillis);
    }

    @Override
    public void put(StateKey key, V value, long expiresAtMillis) {
        String text = codec.write(value);
        Write write;
        synchronized (copy.monitor(key)) {
            long at = now(key);
            copy.put(key, new Entry<>(new Kept<>(value, expiresAtMillis), at));
            write = pending.add(key, new SharedRecord(at, clock.shared(expiresAtMillis), false, text));
        }
        send(write, false);
    }

    @Override
    public void remove(StateKey key) {
        Write write;
        synchronized (copy.monitor(key)) {
            long at = now(key);
            copy.remove(key);
            write = pending.add(key, new SharedRecord(at, at + REMOVAL_MILLIS, true, ""));
        }
        send(write, false);
    }

    @Override
    public void forEach(BiConsumer<StateKey, Kept<V>> each) {
        copy.forEach((key, entry) -> each.accept(key, entry.kept()));
    }

    @Override
    public AutoCloseable follow(Follower<V> listener) {
        return copy.follow(listener);
    }

    @Override
    public long size() {
        return copy.size();
    }

    @Override
    public long evictions() {
        return copy.evictions();
    }

    @Override
    public Fill fill(Bounded what) {
        return copy.fill(what);
    }

    @Override
    public @Nullable String trouble() {
        String away = parts.link().trouble();
        return away == null ? follower.trouble() : away;
    }

    @Override
    public void close() {
        follower.close();
        end.run();
    }

    /** Hears no more of what is written where Redis is now: it is about to be elsewhere. */
    void leave() {
        follower.leave();
    }

    /** Whether something may still be heard from there. */
    boolean isFollowing() {
        return follower.isFollowing();
    }

    /** Reads everything anew where Redis is now, and tells it what it does not know. */
    void join() {
        follower.join();
    }

    /** How many writes the others have perhaps not heard of. */
    int pending() {
        return pending.size();
    }

    /** How many of those that there may be. */
    Fill pendingFill() {
        return pending.fill();
    }

    /** How long the last change was under way, or for how long nothing could be heard. */
    long lagMillis() {
        return follower.lagMillis();
    }

    /** Forgets everything and reads it anew: the keys mean other visitors now. */
    void restart() {
        pending.clear();
        copy.forEach((key, entry) -> copy.remove(key));
        follower.resync();
    }

    @Override
    public void changed(StateKey key, Placed change, String changedBy, long number) {
        synchronized (copy.monitor(key)) {
            Write mine = pending.find(key);
            if (mine != null) {
                boolean itself = changedBy.equals(writer) && number == mine.number;
                boolean older = mine.decided == null || change.id().compareTo(mine.decided) < 0;
                if (itself || !older) {
                    pending.remove(mine);
                }
                if (itself || older) {
                    mine.passedOver = change;
                    return;
                }
            }
            adopt(key, change.record());
        }
    }

    @Override
    public void loaded(StateKey key, Placed found) {
        synchronized (copy.monitor(key)) {
            if (pending.find(key) != null) {
                return;
            }
            Entry<V> here = copy.entry(key);
            if (here == null || here.writtenAt() <= found.record().writtenAt()) {
                adopt(key, found.record());
            } else {
                // Redis has lost what it knew of this key, in a failover perhaps.
                keep(key, here);
            }
        }
    }

    @Override
    public void loadedAll(Set<StateKey> found, boolean redisForgot) {
        copy.forEach((key, entry) -> {
            synchronized (copy.monitor(key)) {
                if (!found.contains(key) && pending.find(key) == null) {
                    if (redisForgot) {
                        keep(key, entry);
                    } else {
                        copy.remove(key);
                    }
                }
            }
        });
        for (Write write : pending.all()) {
            synchronized (copy.monitor(write.key)) {
                // Answers to what was sent before say nothing about changes that were not told for being read here.
                write.attempts++;
                write.decided = null;
                write.underWay = false;
            }
        }
        sendAgain();
    }

    @Override
    public void heardUpTo(ChangeId position) {
        for (Write write : pending.all()) {
            synchronized (copy.monitor(write.key)) {
                if (write.decided != null && write.decided.compareTo(position) <= 0) {
                    pending.remove(write);
                }
            }
        }
        sendAgain();
    }

    private void sendAgain() {
        for (Write write : pending.all()) {
            boolean waits;
            synchronized (copy.monitor(write.key)) {
                waits = write.decided == null && !write.underWay;
            }
            if (waits) {
                send(write, true);
            }
        }
    }

    /** Writes on behalf of a value that is here already. */
    private void keep(StateKey key, Entry<V> entry) {
        pending.add(
                key,
                new SharedRecord(
                        entry.writtenAt(),
                        clock.shared(entry.kept().expiresAtMillis()),
                        false,
                        codec.write(entry.kept().value())));
    }

    /** The time of a write to {@code key}: after the one that it replaces, and after all of this replica. */
    private long now(StateKey key) {
        Entry<V> before = copy.entry(key);
        long least = Math.max(clock.now(), before == null ? 0 : before.writtenAt() + 1);
        return written.accumulateAndGet(least, (last, now) -> Math.max(last + 1, now));
    }

    private void send(Write write, boolean late) {
        RedisLink link = parts.link();
        if (!link.isUp()) {
            return;
        }
        int attempt;
        synchronized (copy.monitor(write.key)) {
            attempt = ++write.attempts;
            write.underWay = true;
        }
        SharedRecord record = write.record;
        MapKeys keys = link.access().map(name, most);
        link.<List<Object>>run(
                        WRITE,
                        ScriptOutputType.MULTI,
                        keys.forWriting(),
                        write.key.toString(),
                        Long.toString(record.writtenAt()),
                        record.rest(),
                        Long.toString(record.expiresAt()),
                        writer,
                        Long.toString(write.number),
                        late ? "1" : "0",
                        Integer.toString(keys.maxChanges()))
                .whenComplete((answer, failure) -> answered(write, attempt, answer));
    }

    private void answered(Write write, int attempt, @Nullable List<Object> answer) {
        synchronized (copy.monitor(write.key)) {
            if (write.attempts != attempt || pending.find(write.key) != write) {
                return;
            }
            write.underWay = false;
            if (answer == null) {
                return;
            }
            String text = (String) answer.get(1);
            if (answer.get(0).equals(1L)) {
                write.decided = ChangeId.parse(text);
            } else {
                Placed later = Placed.parse(text);
                Placed heard = write.passedOver;
                Placed last = heard == null || heard.id().compareTo(later.id()) < 0 ? later : heard;
                write.decided = last.id();
                adopt(write.key, last.record());
            }
        }
    }

    /** Takes over what another replica wrote. Under the key's monitor. */
    private void adopt(StateKey key, SharedRecord record) {
        if (record.removed() || record.expiresAt() <= clock.now()) {
            copy.remove(key);
            return;
        }
        try {
            Kept<V> kept = new Kept<>(codec.read(record.value()), clock.local(record.expiresAt()));
            Entry<V> here = copy.entry(key);
            if (here == null
                    || here.writtenAt() != record.writtenAt()
                    || !here.kept().equals(kept)) {
                copy.put(key, new Entry<>(kept, record.writtenAt()));
            }
        } catch (IllegalArgumentException unreadable) {
            counts.error();
            LOG.warn("{}: a value that this version cannot read: {}", name, unreadable.getMessage());
        }
    }
}
