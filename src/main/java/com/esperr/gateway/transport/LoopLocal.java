package com.esperr.gateway.transport;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that exists once per event loop and is made on its first use there, such as a pool of connections. Thread-safe;
 * the values themselves are confined to their loops.
 */
public final class LoopLocal<T> {
    private final Function<EventLoop, T> factory;
    private final FastThreadLocal<@Nullable T> values = new FastThreadLocal<>();
    private final List<Owned<T>> created = new CopyOnWriteArrayList<>();

    /** Values that {@code factory} makes, on the loop it is given. */
    public LoopLocal(Function<EventLoop, T> factory) {
        this.factory = factory;
    }

    /**
     * The value of the calling event loop.
     *
     * @throws IllegalStateException on any other thread
     */
    public T get() {
        T value = values.getIfExists();
        return value == null ? create() : value;
    }

    /** Has each loop that owns a value call {@code action} with it, unless the loop is shutting down; returns at once. */
    public void forEach(Consumer<T> action) {
        for (Owned<T> owned : created) {
            if (!owned.loop.isShuttingDown()) {
                owned.loop.execute(() -> action.accept(owned.value));
            }
        }
    }

    /** Has each loop that owns a value call {@code action} with it a last time and forget it; returns at once. */
    public void forget(Consumer<T> action) {
        List<Owned<T>> all = List.copyOf(created);
        created.removeAll(all);
        for (Owned<T> owned : all) {
            if (!owned.loop.isShuttingDown()) {
                owned.loop.execute(() -> {
                    values.remove();
                    action.accept(owned.value);
                });
            }
        }
    }

    private T create() {
        EventLoop loop = EventLoops.current();
        if (loop == null) {
            throw new IllegalStateException(
                    "thread: " + Thread.currentThread().getName() + " (expected: an event loop of the gateway)");
        }
        T value = factory.apply(loop);
        values.set(value);
        created.add(new Owned<>(loop, value));
        return value;
    }

    private record Owned<T>(EventLoop loop, T value) {}
}
