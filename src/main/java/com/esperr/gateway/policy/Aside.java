package com.esperr.gateway.policy;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.state.WindowLimit;
import com.esperr.gateway.state.WindowSink;
import com.esperr.gateway.state.Windows;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Stores for a look without effect: windows that have counted as often as is said, and mitigations that can only be read. Thread-safe. */
final class Aside {
    private Aside() {}

    /** Windows in each of which there are {@code hits}. */
    static Windows windows(int hits) {
        return new Windows() {
            @Override
            public void hit(StateKey key, WindowLimit limit, long nowMillis, WindowSink sink) {
                sink.counted(hits);
            }

            @Override
            public @Nullable String trouble() {
                return null;
            }
        };
    }

    /** What is in {@code live}. */
    static Replicated<ActiveMitigation> mitigations(Replicated<ActiveMitigation> live) {
        return new Replicated<>() {
            @Override
            public @Nullable ActiveMitigation find(StateKey key, long nowMillis) {
                return live.find(key, nowMillis);
            }

            @Override
            public void put(StateKey key, ActiveMitigation value, long expiresAtMillis) {}

            @Override
            public void remove(StateKey key) {}

            @Override
            public void forEach(BiConsumer<StateKey, Kept<ActiveMitigation>> each) {
                live.forEach(each);
            }

            @Override
            public AutoCloseable follow(Follower<ActiveMitigation> follower) {
                return () -> {};
            }

            @Override
            public long size() {
                return live.size();
            }

            @Override
            public long evictions() {
                return 0;
            }

            @Override
            public Fill fill(Bounded what) {
                return live.fill(what);
            }

            @Override
            public @Nullable String trouble() {
                return live.trouble();
            }

            @Override
            public void close() {}
        };
    }
}
