package com.esperr.gateway.upstream;

import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import java.util.List;
import java.util.function.LongSupplier;

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
     * @throws IllegalArgumentException if a file of their TLS cannot be used
     */
    public static Upstreams of(
            List<OriginConfig> configs, EventLoops loops, LoopLocal<Sweeper> sweepers, LongSupplier nanos) {
        return new Upstreams(configs.stream()
                .map(config -> new Upstream(config, loops, sweepers, nanos))
                .toList());
    }

    /**
     * Those of {@code configs} instead of these: the ones that nothing has changed about stay as they are, with their connections and
     * what is known of their health. The others of these are still to be {@link #retireBut retired}. Blocks on the file system.
     *
     * @throws IllegalArgumentException if a file of their TLS cannot be used
     */
    public Upstreams with(
            List<OriginConfig> configs, EventLoops loops, LoopLocal<Sweeper> sweepers, LongSupplier nanos) {
        return new Upstreams(configs.stream()
                .map(config -> all.stream()
                        .filter(known -> known.is(config))
                        .findFirst()
                        .orElseGet(() -> new Upstream(config, loops, sweepers, nanos)))
                .toList());
    }

    /** Ends those that are not among {@code next}, as soon as nobody uses them. */
    public void retireBut(Upstreams next) {
        all.stream().filter(one -> !next.all.contains(one)).forEach(Upstream::retire);
    }

    /** The one that {@code request} is for. */
    public Upstream of(RequestContext request) {
        return all.get(request.site().origin());
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
