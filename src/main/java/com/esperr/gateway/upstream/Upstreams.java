package com.esperr.gateway.upstream;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The applications behind the gateway, in the order in which sites refer to them. Immutable. */
public final class Upstreams {
    private final List<Upstream> all;
    private final PoolGauges gauges;

    private Upstreams(List<Upstream> all) {
        this.all = List.copyOf(all);
        this.gauges = PoolGauges.over(all.stream().map(Upstream::gauges).toList());
    }

    /** One for everybody. */
    public static Upstreams only(Upstream upstream) {
        return new Upstreams(List.of(upstream));
    }

    /**
     * Those that are configured, reached from {@code loops}, reading time from {@code nanos}.
     *
     * @param presence whether the first of them is there, if this process runs it, else null
     * @throws IllegalArgumentException if a file of their TLS cannot be used
     */
    public static Upstreams of(
            List<OriginConfig> configs,
            EventLoops loops,
            LoopLocal<Sweeper> sweepers,
            LongSupplier nanos,
            @Nullable Presence presence) {
        List<Upstream> all = new ArrayList<>();
        for (OriginConfig config : configs) {
            all.add(new Upstream(config, loops, sweepers, nanos, all.isEmpty() ? presence : null, null));
        }
        return new Upstreams(all);
    }

    /**
     * Those of {@code configs} instead of these: the ones that nothing has changed about stay as they are, with their connections and
     * what is known of their health; of one that changes, who is there and how fast it answers. The others of these are still to be {@link #retireBut retired}. Blocks on the file system.
     *
     * @throws IllegalArgumentException if a file of their TLS cannot be used
     */
    public Upstreams with(
            List<OriginConfig> configs,
            EventLoops loops,
            LoopLocal<Sweeper> sweepers,
            LongSupplier nanos,
            @Nullable Presence presence) {
        List<Upstream> next = new ArrayList<>();
        try {
            for (OriginConfig config : configs) {
                Presence its = next.isEmpty() ? presence : null;
                next.add(all.stream()
                        .filter(known -> known.is(config))
                        .findFirst()
                        .orElseGet(() -> new Upstream(config, loops, sweepers, nanos, its, named(config.name()))));
            }
        } catch (RuntimeException unusable) {
            new Upstreams(next).retireBut(this);
            throw unusable;
        }
        return new Upstreams(next);
    }

    private @Nullable Upstream named(String name) {
        return all.stream()
                .filter(known -> known.config().name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Ends those that are not among {@code next}, as soon as nobody uses them. */
    public void retireBut(Upstreams next) {
        all.stream().filter(one -> !next.all.contains(one)).forEach(Upstream::retire);
    }

    /** The one that {@code request} is for. */
    public Upstream of(RequestContext request) {
        return all.get(request.site().origin());
    }

    /** How full is what they have for requests, as far as it is {@code what}. */
    public List<Fill> fills(Bounded what) {
        return all.stream()
                .flatMap(upstream -> upstream.fills().stream())
                .filter(fill -> fill.what() == what)
                .toList();
    }

    /** All of them. */
    public List<Upstream> all() {
        return all;
    }

    /** Counts over all pools. */
    public PoolGauges gauges() {
        return gauges;
    }
}
