package com.esperr.gateway.hosting;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.HttpClient;
import com.esperr.gateway.transport.HttpClientConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of challenges that are asked for, in their order. Thread-safe. A page asks for the first that can be had, and offers the first
 * that needs no JavaScript to those who have none. If none can be had, there is still work, for which nobody else is needed.
 */
public final class Ladder implements AutoCloseable {
    private static final int CONNECTIONS = 32;
    private static final int LONGEST_ANSWER = 16 * 1024;

    private final List<Provider> providers;
    private final List<HttpClient> clients;
    private final WorkProvider last;
    private final Funnel funnel;
    private final ToIntFunction<Method> levels;

    /**
     * What a page asks for.
     *
     * @param main by itself, or null for nothing
     * @param hand of those without JavaScript, or null for nothing
     */
    record Rungs(Provider.@Nullable Scripted main, Provider.@Nullable ByHand hand) {
        int methods() {
            return (main == null ? 0 : main.method().bit())
                    | (hand == null ? 0 : hand.method().bit());
        }

        /** What the page is counted as. */
        Method method() {
            return main != null ? main.method() : hand != null ? hand.method() : Method.PROOF_OF_WORK;
        }
    }

    private Ladder(
            List<Provider> providers,
            List<HttpClient> clients,
            WorkProvider last,
            Funnel funnel,
            ToIntFunction<Method> levels) {
        this.levels = levels;
        this.providers = List.copyOf(providers);
        this.clients = List.copyOf(clients);
        this.last = last;
        this.funnel = funnel;
    }

    /**
     * The ladder of {@code config}, calling from {@code loops}.
     *
     * @param levels how much each kind says about a visitor
     */
    public static Ladder of(
            HostingConfig config,
            @Nullable Path caFile,
            EventLoops loops,
            Funnel funnel,
            ToIntFunction<Method> levels,
            LongSupplier nanos) {
        List<Provider> providers = new ArrayList<>();
        List<HttpClient> clients = new ArrayList<>();
        WorkProvider work = new WorkProvider(config.work().budget().toMillis());
        for (Method method : config.providers()) {
            providers.add(
                    switch (method) {
                        case REFRESH -> new RefreshProvider(config.patience());
                        case BUTTON -> new ButtonProvider();
                        case PROOF_OF_WORK -> work;
                        case TURNSTILE, HCAPTCHA, RECAPTCHA -> {
                            Vendor vendor = vendor(config, method);
                            HttpClient client = new HttpClient(client(vendor, caFile), loops, nanos);
                            clients.add(client);
                            yield new WidgetProvider(vendor, client, config.timeout(), config.pause(), nanos);
                        }
                    });
        }
        return new Ladder(providers, clients, work, funnel, levels);
    }

    private static Vendor vendor(HostingConfig config, Method method) {
        return config.vendors().stream()
                .filter(vendor -> vendor.method() == method)
                .findFirst()
                .orElseThrow();
    }

    private static HttpClientConfig client(Vendor vendor, @Nullable Path caFile) {
        return new HttpClientConfig(
                vendor.service(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                CONNECTIONS,
                CONNECTIONS * 4,
                LONGEST_ANSWER,
                caFile);
    }

    /** Others are asked for from now on: answers under way are still looked at, and no connection is kept. */
    public void retire() {
        clients.forEach(HttpClient::retire);
    }

    /** How many answers are being looked at by others. */
    public Fill fill() {
        List<Fill> each = clients.stream()
                .map(client -> client.fill(Bounded.CHALLENGE_CALLS))
                .toList();
        return Fill.over(Bounded.CHALLENGE_CALLS, () -> each);
    }

    /** What the next page asks for, of what says as much as {@code level} if there is any. */
    Rungs rungs(int level) {
        List<Provider> enough = providers.stream()
                .filter(provider -> levels.applyAsInt(provider.method()) >= level)
                .toList();
        return of(enough.isEmpty() ? providers : enough);
    }

    private Rungs of(List<Provider> wanted) {
        Provider first = null;
        Provider.ByHand hand = null;
        for (Provider provider : wanted) {
            boolean there = provider.available();
            if (first == null && there) {
                first = provider;
            } else if (first == null) {
                funnel.skipped(provider.method());
            }
            if (hand == null && there && provider instanceof Provider.ByHand simple) {
                hand = simple;
            }
        }
        if (first instanceof Provider.Scripted scripted) {
            return new Rungs(scripted, hand);
        }
        // Whoever comes to a page without a script can pass it without one.
        return first instanceof Provider.ByHand simple ? new Rungs(null, simple) : new Rungs(last, hand);
    }

    /** The provider of {@code method}, or null if there is none here. */
    @Nullable
    Provider find(Method method) {
        for (Provider provider : providers) {
            if (provider.method() == method) {
                return provider;
            }
        }
        return method == Method.PROOF_OF_WORK ? last : null;
    }

    /** Tells {@code sink} of each what is wrong with how it is set up, or null; called on an event loop, and soon answered there. */
    public void test(BiConsumer<Method, @Nullable String> sink) {
        providers.forEach(provider -> provider.test(trouble -> sink.accept(provider.method(), trouble)));
    }

    /** Closes the connections to others, soon after this returns. */
    @Override
    public void close() {
        clients.forEach(HttpClient::close);
    }
}
