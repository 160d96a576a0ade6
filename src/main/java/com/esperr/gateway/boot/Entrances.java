package com.esperr.gateway.boot;

import com.esperr.gateway.acme.AcmeCertificate;
import com.esperr.gateway.acme.AcmeConfig;
import com.esperr.gateway.listen.ListenConfig;
import com.esperr.gateway.listen.ListenTlsConfig;
import com.esperr.gateway.listen.Listener;
import com.esperr.gateway.listen.ProxyProtocolCounts;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The ways in: the TLS of each listener, its opening, and the numbers that all of them keep. Stateless. */
final class Entrances {
    private Entrances() {}

    /**
     * One for each listener, with its certificates read and looked after from now on.
     *
     * @throws IOException if a file cannot be used; the message names it
     */
    static List<ProxyServer.Entrance> prepare(List<ListenConfig> listeners, Metrics metrics, Parts parts, Clock clock)
            throws IOException {
        List<ProxyServer.Entrance> entrances = new ArrayList<>();
        List<TlsFront> fronts = new ArrayList<>();
        Map<AcmeConfig, AcmeCertificate> ordered = new HashMap<>();
        for (ListenConfig listen : listeners) {
            AcmeCertificate acme = acme(listen.tls(), ordered, clock);
            TlsFront front = TlsReload.begin(
                    listen.key() + ".tls", listen.tls(), listen.http2().enabled(), acme, parts, clock);
            entrances.add(new ProxyServer.Entrance(listen, front));
            if (front != null) {
                if (listen.http3().enabled()) {
                    front.openQuic();
                }
                fronts.add(front);
            }
        }
        if (!fronts.isEmpty()) {
            connect(metrics, fronts, clock);
        }
        watch(ordered, metrics, parts);
        return entrances;
    }

    /**
     * TLS of the one listener there is, with its numbers; null if there is to be none.
     *
     * @throws IOException if a file cannot be used; the message names it
     */
    static @Nullable TlsFront tls(@Nullable ListenTlsConfig config, Metrics metrics, Parts parts, Clock clock)
            throws IOException {
        Map<AcmeConfig, AcmeCertificate> ordered = new HashMap<>();
        TlsFront front = TlsReload.begin("server.tls", config, false, acme(config, ordered, clock), parts, clock);
        if (front != null) {
            connect(metrics, List.of(front), clock);
        }
        watch(ordered, metrics, parts);
        return front;
    }

    private static void watch(Map<AcmeConfig, AcmeCertificate> ordered, Metrics metrics, Parts parts) {
        if (!ordered.isEmpty()) {
            AcmeWatch.begin(List.copyOf(ordered.values()), metrics, parts);
        }
    }

    /** Listeners that say the same about it share it. */
    private static @Nullable AcmeCertificate acme(
            @Nullable ListenTlsConfig tls, Map<AcmeConfig, AcmeCertificate> ordered, Clock clock) throws IOException {
        AcmeConfig config = tls == null ? null : tls.acme();
        if (config == null) {
            return null;
        }
        AcmeCertificate known = ordered.get(config);
        if (known == null) {
            known = AcmeCertificate.open(
                    config, clock::millis, () -> ThreadLocalRandom.current().nextDouble());
            ordered.put(config, known);
        }
        return known;
    }

    private static void connect(Metrics metrics, List<TlsFront> fronts, Clock clock) {
        fronts.forEach(front -> metrics.show(front.fill()));
        metrics.counter(MeterName.TLS_HANDSHAKES, () -> sum(fronts, TlsFront::agreed), "ok");
        metrics.counter(MeterName.TLS_HANDSHAKES, () -> sum(fronts, TlsFront::failed), "failed");
        metrics.counter(MeterName.TLS_HANDSHAKES, () -> sum(fronts, TlsFront::plain), "plain");
        metrics.counter(MeterName.OCSP_ANSWERS, () -> sum(fronts, TlsFront::staplesFetched), "ok");
        metrics.counter(MeterName.OCSP_ANSWERS, () -> sum(fronts, TlsFront::staplesFailed), "failed");
        Consumer<Map<String, DoubleSupplier>> ends = metrics.gauges(MeterName.CERTIFICATE_EXPIRES);
        Runnable show = () -> ends.accept(expiries(fronts, clock));
        show.run();
        fronts.forEach(front -> front.whenChanged(show));
        metrics.counter(MeterName.TLS_RELOADS, () -> sum(fronts, TlsFront::reloaded), "ok");
        metrics.counter(MeterName.TLS_RELOADS, () -> sum(fronts, TlsFront::refused), "refused");
    }

    /**
     * Waits until every listener listens.
     *
     * @throws IOException if one cannot; the message names the key
     */
    static void await(List<Listener> listeners, Metrics metrics) throws IOException {
        for (Listener listener : listeners) {
            Throwable cause = listener.opened().awaitUninterruptibly().cause();
            if (cause != null) {
                throw listener.trouble(cause);
            }
            String key = listener.config().key();
            metrics.gauge(MeterName.LISTENER_CONNECTIONS, listener::connections, key);
            metrics.counter(MeterName.LISTENER_REFUSED, listener::refused, key);
        }
        for (ProxyProtocolCounts.Result result : ProxyProtocolCounts.Result.values()) {
            metrics.counter(
                    MeterName.PROXY_PROTOCOL,
                    () -> sum(listeners, one -> one.proxyProtocol().of(result)),
                    result.label());
        }
    }

    /** Seconds that certificates are still good for, by name; of two the one that ends first. */
    private static Map<String, DoubleSupplier> expiries(List<TlsFront> fronts, Clock clock) {
        Map<String, Instant> ends = new HashMap<>();
        for (TlsFront front : fronts) {
            front.expiries().forEach((name, end) -> ends.merge(name, end, (a, b) -> a.isBefore(b) ? a : b));
        }
        Map<String, DoubleSupplier> seconds = new HashMap<>();
        ends.forEach((name, end) -> seconds.put(name, () -> (end.toEpochMilli() - clock.millis()) / 1000.0));
        return seconds;
    }

    private static <T> long sum(List<T> parts, ToLongFunction<T> number) {
        return parts.stream().mapToLong(number).sum();
    }
}
