package com.esperr.gateway.upstream;

import io.netty.resolver.AddressResolver;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The addresses behind the name of one endpoint, as the name servers gave them last; confined to an event loop. The resolver
 * keeps an answer for as long as it says, so asking again is cheap until then. When nobody answers, the addresses known so
 * far go on being used.
 */
final class EndpointAddresses {
    private final AddressResolver<InetSocketAddress> resolver;
    private final InetSocketAddress name;
    private final Runnable changed;
    private List<InetSocketAddress> known = List.of();
    private Set<InetAddress> set = Set.of();
    private boolean looking;
    private int turn;

    /** The addresses of {@code name}; {@code changed} is called when they are others than before. */
    EndpointAddresses(AddressResolver<InetSocketAddress> resolver, InetSocketAddress name, Runnable changed) {
        this.resolver = resolver;
        this.name = name;
        this.changed = changed;
    }

    /** Tells {@code sink} where to connect to, in this order, or why that is not known. */
    void find(Sink sink) {
        resolver.resolveAll(name).addListener((Future<List<InetSocketAddress>> found) -> {
            Throwable failure = learn(found);
            if (known.isEmpty()) {
                sink.found(List.of(), failure);
            } else {
                sink.found(inTurn(), null);
            }
        });
    }

    /** Asks whether they are still the same. */
    void refresh() {
        if (!looking && !known.isEmpty()) {
            looking = true;
            resolver.resolveAll(name).addListener((Future<List<InetSocketAddress>> found) -> {
                looking = false;
                learn(found);
            });
        }
    }

    /** Whether the name no longer stands for {@code address}. */
    boolean outdated(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress remote && !set.isEmpty() && !set.contains(remote.getAddress());
    }

    private @Nullable Throwable learn(Future<List<InetSocketAddress>> found) {
        if (!found.isSuccess()) {
            return found.cause();
        }
        List<InetSocketAddress> now = found.getNow();
        Set<InetAddress> addresses = new HashSet<>();
        now.forEach(address -> addresses.add(address.getAddress()));
        if (!addresses.isEmpty() && !addresses.equals(set)) {
            boolean first = set.isEmpty();
            known = List.copyOf(now);
            set = addresses;
            if (!first) {
                changed.run();
            }
        }
        return null;
    }

    /** Those of the preferred family one after the other, then the rest: a name may have addresses nobody can reach. */
    private List<InetSocketAddress> inTurn() {
        Class<?> family = known.get(0).getAddress().getClass();
        List<InetSocketAddress> order = new ArrayList<>(known.size());
        List<InetSocketAddress> others = new ArrayList<>();
        for (InetSocketAddress address : known) {
            (family == address.getAddress().getClass() ? order : others).add(address);
        }
        turn = (turn + 1) % order.size();
        Collections.rotate(order, turn);
        order.addAll(others);
        return order;
    }

    /** Is told the outcome of a look-up, on the event loop. */
    interface Sink {
        /** Where to connect to, or with {@code failure}, nowhere. */
        void found(List<InetSocketAddress> addresses, @Nullable Throwable failure);
    }
}
