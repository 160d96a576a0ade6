package com.esperr.gateway.upstream;

import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An application behind the gateway: its endpoints, and one pool of connections per event loop to each. Thread-safe. */
public final class Upstream {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
    private static final Lease NOTHING = () -> {};

    private final OriginConfig config;
    private final List<OriginEndpoint> endpoints;
    private final PoolGauges gauges;
    private final Outliers outliers;
    private final LongSupplier nanos;
    private final LongAdder moved = new LongAdder();
    private final LongAdder unbudgeted = new LongAdder();
    private final LongAdder full = new LongAdder();
    private final OriginFills fills;
    private final @Nullable Presence presence;
    private final @Nullable Intake intake;
    private final LoopLocal<Share> shares;
    private final Runnable follower;
    private final String files;
    private volatile boolean retired;

    /**
     * An origin reached from {@code loops}, reading time from {@code nanos}.
     *
     * @throws IllegalArgumentException if a file of {@code origin.tls} cannot be used
     */
    public Upstream(OriginConfig config, EventLoops loops, LoopLocal<Sweeper> sweepers, LongSupplier nanos) {
        this(config, loops, sweepers, nanos, null, null);
    }

    /**
     * The same for an application that this process may run itself.
     *
     * @param presence whether it is there; null for one that somebody else runs
     * @param before the one that it takes the place of, or null
     */
    Upstream(
            OriginConfig config,
            EventLoops loops,
            LoopLocal<Sweeper> sweepers,
            LongSupplier nanos,
            @Nullable Presence presence,
            @Nullable Upstream before) {
        this.config = config;
        this.files = config.tls().files();
        this.presence = presence;
        this.nanos = nanos;
        List<OriginEndpoint> all = new ArrayList<>();
        for (int i = 0; i < config.targets().size(); i++) {
            all.add(new OriginEndpoint(config, i));
        }
        this.endpoints = List.copyOf(all);
        this.gauges =
                PoolGauges.over(endpoints.stream().map(OriginEndpoint::gauges).toList());
        this.fills = new OriginFills(config, loops.size());
        this.outliers = new Outliers(endpoints, config.outlier(), nanos);
        if (config.secure() && !config.tls().verify()) {
            LOG.warn("origin.tls.verify: false: whoever answers at {} is taken for the origin", config.places());
        }
        this.intake = config.shedding().enabled() ? intake(before) : null;
        this.shares = new LoopLocal<>(loop -> new Share(loop, loops, sweepers.get()));
        this.follower = () -> shares.forEach(Share::presenceChanged);
        if (presence != null) {
            presence.follow(follower);
        }
    }

    private Intake intake(@Nullable Upstream before) {
        return new Intake(config.name(), config.shedding(), nanos, before == null ? null : before.intake);
    }

    /**
     * Asks for a connection for {@code request} on the current event loop; {@code sink} is told once.
     *
     * @param repeatable whether it may be sent once more; else it gets no kept connection of an application that was told to end, and may
     *     be closing just those
     */
    public Lease lease(LeaseSink sink, RequestContext request, boolean repeatable) {
        Share share = shares.get();
        share.budget.request();
        return share.lease(sink, request, 0, !repeatable && leaves());
    }

    private boolean leaves() {
        return presence != null && presence.state() == Presence.State.LEAVING;
    }

    /** How many requests it is given at once, or null if that is not bounded. */
    public @Nullable Intake intake() {
        return intake;
    }

    /**
     * The place of {@code request} at it, by which {@code sink} gets to a connection; null if it needs none.
     *
     * @param repeatable as for {@link #lease}
     */
    public @Nullable Ticket ticket(LeaseSink sink, RequestContext request, boolean repeatable) {
        IntakeLine line = intake == null ? null : shares.get().line;
        return line == null
                ? null
                : new Ticket(line, Rank.of(request), sink, asked -> lease(asked, request, repeatable));
    }

    /** Like {@link #lease}, but for a connection that nobody has used. */
    public Lease leaseFresh(LeaseSink sink, RequestContext request) {
        return shares.get().lease(sink, request, 0, true);
    }

    /** Like {@link #leaseFresh}, but of an application that this process runs, and not before its end would have been noticed. */
    public Lease leaseLater(LeaseSink sink, RequestContext request) {
        return shares.get().leaseLater(sink, request);
    }

    /**
     * Whether a request may be sent once more, to an endpoint outside the set {@code tried}; if so, that is taken from the
     * budget.
     */
    public boolean mayRepeat(long tried) {
        if (endpoints.size() == Long.bitCount(tried)) {
            return false;
        }
        boolean may = shares.get().budget.take();
        if (!may) {
            unbudgeted.increment();
        }
        return may;
    }

    /**
     * Asks for a connection for a request that was sent before.
     *
     * @param tried the endpoints that it was sent to, as a set of their {@link OriginEndpoint#place}
     */
    public Lease leaseElsewhere(LeaseSink sink, RequestContext request, long tried) {
        return shares.get().lease(sink, request, tried, false);
    }

    /** Whether it is just what {@code wanted} describes, with the same certificates and authorities. Blocks on the file system. */
    boolean is(OriginConfig wanted) {
        return config.equals(wanted) && files.equals(wanted.tls().files());
    }

    /**
     * Nobody is to be led there any more but those who are on their way: connections are closed when nobody uses them. Returns at
     * once.
     */
    void retire() {
        retired = true;
        if (presence != null) {
            presence.unfollow(follower);
        }
        shares.forget(Share::retire);
    }

    /** Whether this process runs the application, and it has not ended for good: it may take what it did not. */
    public boolean mayReturn() {
        return presence != null && presence.state() != Presence.State.GONE;
    }

    /** How the origin is reached. */
    public OriginConfig config() {
        return config;
    }

    /** Counts over all pools. */
    public PoolGauges gauges() {
        return gauges;
    }

    /** Where it listens. */
    public List<OriginEndpoint> endpoints() {
        return endpoints;
    }

    /** How full is what requests to it wait in and are counted by. */
    List<Fill> fills() {
        return fills.of(this, full::sum);
    }

    /** Requests for which another endpoint was asked, because one could not be connected to or was full. */
    public long moved() {
        return moved.sum();
    }

    /** Requests that were not sent again because too many had been. */
    public long unbudgeted() {
        return unbudgeted.sum();
    }

    LongSupplier nanos() {
        return nanos;
    }

    /** What one event loop has of this origin; confined to it. */
    final class Share {
        private final List<OriginPool> pools = new ArrayList<>();
        /** Beside them, if HTTP/2 is spoken; else none. */
        private final List<StreamPool> streams = new ArrayList<>();

        private final Balancer balancer;
        private final RetryBudget budget = new RetryBudget(config.retry());
        private final @Nullable WaitingRoom room;
        private final @Nullable IntakeLine line;

        private Share(EventLoop loop, EventLoops loops, Sweeper sweeper) {
            this.room = presence == null ? null : new WaitingRoom(presence, sweeper, nanos);
            this.line = intake == null ? null : intake.line(loop, sweeper);
            fills.add(budget);
            this.balancer = new Balancer(endpoints, config, nanos, new SplittableRandom());
            for (OriginEndpoint endpoint : endpoints) {
                OriginPool pool = new OriginPool(loop, loops, endpoint, outliers, sweeper, nanos);
                pools.add(pool);
                if (config.http2()) {
                    streams.add(new StreamPool(pool, loops, loop, sweeper, nanos));
                }
            }
            if (retired) {
                retire();
            }
        }

        private void retire() {
            streams.forEach(StreamPool::retire);
            pools.forEach(OriginPool::retire);
            if (room != null) {
                room.retire();
            }
            if (line != null) {
                line.retire();
            }
        }

        private Lease lease(LeaseSink sink, RequestContext request, long tried, boolean fresh) {
            return room == null
                    ? connect(sink, request, tried, fresh)
                    : room.lease(sink, asked -> connect(asked, request, tried, fresh));
        }

        private Lease leaseLater(LeaseSink sink, RequestContext request) {
            return room == null
                    ? connect(sink, request, 0, true)
                    : room.leaseLater(sink, asked -> connect(asked, request, 0, true));
        }

        private void presenceChanged() {
            if (room != null) {
                room.changed();
            }
        }

        private Lease connect(LeaseSink sink, RequestContext request, long tried, boolean fresh) {
            if (endpoints.size() == 1 && config.maxRequests() == 0) {
                return ask(endpoints.get(0), sink, request, fresh);
            }
            Errand errand =
                    new Errand(this, sink, request, tried, config.retry().attempts());
            if (!errand.begin(fresh)) {
                full.increment();
                sink.leaseFailed(FailureReason.ORIGIN_BUSY, "origin.max-requests is reached at every endpoint");
                return NOTHING;
            }
            return errand;
        }

        private @Nullable IpAddress visitor(RequestContext request) {
            return config.tellsAddress() ? request.clientAddress() : null;
        }

        Balancer balancer() {
            return balancer;
        }

        /** Asks at one endpoint. */
        Lease ask(OriginEndpoint endpoint, LeaseSink sink, RequestContext request, boolean fresh) {
            return streams.isEmpty() || sink.whole()
                    ? pools.get(endpoint.index()).lease(sink, visitor(request), fresh)
                    : streams.get(endpoint.index()).lease(sink, fresh);
        }

        void moved() {
            moved.increment();
        }
    }

    /** A wish for a connection that may still be open. */
    public interface Lease {
        /** Withdraws the wish; its sink is not told. Does nothing once it was. */
        void cancel();
    }
}
