package com.esperr.gateway.hybrid;

import com.esperr.gateway.state.Codec;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.transport.EventLoops;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one gateway learned from Esper all that share a store know. Thread-safe. While the store is away each goes on with
 * what it has and learns for itself; what it learned meanwhile is handed on when the store is back.
 */
public final class SharedFeed implements MitigationFeed {
    /** Mitigations as they are shared. */
    public static final Codec<Mitigation> CODEC = new MitigationCodec();

    private static final Logger LOG = LoggerFactory.getLogger(SharedFeed.class);

    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Replicated<Mitigation> shared;
    private final FeedTimer timer;
    private volatile boolean closed;
    private volatile @Nullable AutoCloseable following;

    SharedFeed(Replicated<Mitigation> shared, FeedTimer timer) {
        this.shared = shared;
        this.timer = timer;
    }

    /** A feed over {@code shared}, which whoever made it closes after the feed. */
    public static SharedFeed of(Replicated<Mitigation> shared, EventLoops loops) {
        return new SharedFeed(shared, FeedTimer.on(loops));
    }

    @Override
    public String name() {
        return FeedKind.SHARED.label();
    }

    @Override
    public boolean steady() {
        return true;
    }

    @Override
    public void start(MitigationSink told, MitigationKeys keys) {
        following = shared.follow(new Replicated.Follower<>() {
            @Override
            public void put(StateKey key, Mitigation mitigation, long expiresAtMillis) {
                told.put(key, mitigation);
            }

            @Override
            public void removed(StateKey key) {
                told.remove(key);
            }
        });
        shared.forEach((key, kept) -> told.put(key, kept.value()));
        beat(told);
    }

    /** Nobody may learn anything for hours; what counts is whether it would be heard of. */
    private void beat(MitigationSink told) {
        if (!closed) {
            if (shared.trouble() == null) {
                told.heard();
            }
            timer.in(BEAT_NANOS, () -> beat(told));
        }
    }

    @Override
    public void learned(StateKey key, @Nullable Mitigation mitigation) {
        if (mitigation == null) {
            shared.remove(key);
        } else {
            shared.put(key, mitigation, mitigation.expiresAtMillis());
        }
    }

    @Override
    public @Nullable String trouble() {
        return shared.trouble();
    }

    @Override
    public void close() {
        closed = true;
        AutoCloseable ended = following;
        if (ended != null) {
            try {
                ended.close();
            } catch (Exception failed) {
                LOG.warn("feed shared: not ended cleanly: {}", failed.toString());
            }
        }
    }
}
