package com.esperr.gateway.proxy;

import com.esperr.gateway.listen.Http2Config;
import com.esperr.gateway.listen.ListenConfig;
import com.esperr.gateway.listen.Listener;
import com.esperr.gateway.listen.QuicSocket;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens listeners, each with the protocols that are spoken there, and says to all of them what exchanges work with from now on.
 * Confined to whoever changes the configuration, as {@link Backdrop} is.
 */
final class Openings {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    private final Backdrop backdrop;
    private final LoopLocal<Sweeper> sweepers;
    private final EventLoops loops;
    private final MultiplexedCounts http2 = new MultiplexedCounts();
    private final MultiplexedCounts http3 = new MultiplexedCounts();
    private final List<Place> places = new ArrayList<>();

    Openings(Backdrop backdrop, LoopLocal<Sweeper> sweepers, EventLoops loops) {
        this.backdrop = backdrop;
        this.sweepers = sweepers;
        this.loops = loops;
    }

    /** Where visitors come in, and where else they are told to come. */
    private record Place(ListenConfig listen, Supplier<@Nullable String> elsewhere, LiveServices live) {}

    /** Begins to open one. */
    Listener open(ProxyServer.Entrance entrance, ProxyServer.Settings settings, ExchangeServices services) {
        ListenConfig listen = entrance.listen();
        TlsFront tls = entrance.tls();
        QuicSocket quic = tls == null || !listen.http3().enabled() ? null : quic(listen, tls, settings, services);
        LiveServices here = place(listen, quic == null ? () -> null : quic::advertised, settings, services);
        Http2Config spoken = listen.http2();
        if (spoken.enabled()) {
            Rehearsal.once(here.now(), spoken);
        }
        FrontendPipeline pipeline = new FrontendPipeline(
                here, sweepers, tls, spoken.enabled() ? new Http2Pipeline(here, sweepers, spoken, http2) : null);
        return Listener.open(listen, loops, bootstrap(), pipeline, quic);
    }

    private QuicSocket quic(
            ListenConfig listen, TlsFront tls, ProxyServer.Settings settings, ExchangeServices services) {
        LiveServices here = place(listen, () -> null, settings, services);
        return new QuicSocket(
                listen,
                loops,
                tls,
                services.limits().idleTimeout(),
                services.clock()::nanos,
                new Http3Pipeline(here, sweepers, listen.http3(), listen.http2().floods(), http3, tls));
    }

    private LiveServices place(
            ListenConfig listen,
            Supplier<@Nullable String> elsewhere,
            ProxyServer.Settings settings,
            ExchangeServices services) {
        Place place = new Place(
                listen,
                elsewhere,
                new LiveServices(services.at(backdrop.entrance(listen, settings).telling(elsewhere))));
        places.add(place);
        return place.live();
    }

    /** From now on exchanges work with these. */
    void replace(ProxyServer.Settings settings, ExchangeServices services) {
        for (Place place : places) {
            EntranceRules rules = backdrop.entrance(place.listen(), settings).telling(place.elsewhere());
            place.live().replace(services.at(rules));
        }
    }

    private ServerBootstrap bootstrap() {
        return new ServerBootstrap()
                .childOption(ChannelOption.ALLOCATOR, loops.allocator())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }

    MultiplexedCounts http2() {
        return http2;
    }

    MultiplexedCounts http3() {
        return http3;
    }
}
