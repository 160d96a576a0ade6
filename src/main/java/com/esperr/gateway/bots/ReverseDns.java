package com.esperr.gateway.bots;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.transport.NameService;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What DNS says about addresses, kept. Thread-safe; a look never waits: the first one about an address begins a look-up, of
 * which there is one at a time for an address, so many a second and so many at once for all.
 */
final class ReverseDns {
    private static final Logger LOG = LoggerFactory.getLogger(ReverseDns.class);

    /** An answer that counts shorter would be asked for at every request. */
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private final DnsConfig config;
    private final NameService service;
    private final Predicate<String> known;
    private final BotCounts counts;
    private final Budget budget;
    private final LongSupplier nanos;
    private final long longest;
    private final Set<LookUp> underWay = ConcurrentHashMap.newKeySet();
    private final CidrSet inside;
    private final Cache<IpAddress, Entry> entries;
    private final Evictions evictions = new Evictions();

    /** Looks addresses up for names that {@code known} knows. */
    ReverseDns(DnsConfig config, NameService service, Predicate<String> known, BotCounts counts, LongSupplier nanos) {
        this.config = config;
        this.service = service;
        this.known = known;
        this.counts = counts;
        this.nanos = nanos;
        // Longer than one takes: a name and its addresses are several questions, asked again of other servers.
        this.longest = config.timeout().multipliedBy(16).toNanos();
        this.budget = new Budget(config.perSecond(), nanos);
        this.inside = CidrSet.of(insideNetworks());
        this.entries = Caffeine.newBuilder()
                .maximumSize(config.maxEntries())
                .ticker(nanos::getAsLong)
                .evictionListener(evictions)
                .executor(Runnable::run)
                .expireAfter(Expiry.<IpAddress, Entry>writing((address, entry) -> Duration.ofNanos(entry.keptNanos)))
                .build();
    }

    /** One that was begun; only itself is equal to it. */
    private static final class LookUp {
        private final long begun;

        LookUp(long begun) {
            this.begun = begun;
        }
    }

    /** What is known about an address. */
    enum State {
        /** It has names that have it. */
        CONFIRMED,
        /** It has none in a known domain. */
        DENIED,
        /** It is being looked up. */
        PENDING,
        /** Nobody answered, or there was no look-up to be had. */
        UNKNOWN
    }

    /** One address; immutable. */
    static final class Entry {
        private final State state;
        private final List<String> names;
        private final long keptNanos;

        Entry(State state, List<String> names, Duration kept) {
            this.state = state;
            this.names = names;
            this.keptNanos = kept.toNanos();
        }

        State state() {
            return state;
        }

        /** The confirmed names. */
        List<String> names() {
            return names;
        }
    }

    private static final Entry NOT_ASKED = new Entry(State.UNKNOWN, List.of(), Duration.ZERO);

    /** What is known about {@code address} now. */
    Entry look(IpAddress address) {
        Entry entry = entries.getIfPresent(address);
        if (entry != null) {
            return entry;
        }
        if (inside.contains(address)) {
            // Behind a proxy that is not trusted everybody has its address: that says nothing about visitors.
            return NOT_ASKED;
        }
        if (full() || !budget.take()) {
            counts.lookup(BotCounts.Lookup.DROPPED);
            return NOT_ASKED;
        }
        Entry pending = new Entry(State.PENDING, List.of(), Duration.ofNanos(longest));
        Entry other = entries.asMap().putIfAbsent(address, pending);
        if (other != null) {
            return other;
        }
        begin(address);
        Entry now = entries.getIfPresent(address);
        return now == null ? pending : now;
    }

    private void begin(IpAddress address) {
        LookUp lookUp = new LookUp(nanos.getAsLong());
        underWay.add(lookUp);
        try {
            ReverseLookup.start(service, address, known, result -> {
                underWay.remove(lookUp);
                entries.put(address, entry(result));
            });
        } catch (RuntimeException notBegun) {
            LOG.warn("bots.dns: {} cannot be looked up: {}", address, notBegun.toString());
            if (underWay.remove(lookUp)) {
                counts.lookup(BotCounts.Lookup.FAILED);
                entries.put(address, new Entry(State.UNKNOWN, List.of(), config.keepFailed()));
            }
        }
    }

    /** Whether there are as many as may be; those that never ended do not count for ever. */
    private boolean full() {
        if (underWay.size() < config.concurrency()) {
            return false;
        }
        long now = nanos.getAsLong();
        underWay.removeIf(lookUp -> now - lookUp.begun > longest);
        return underWay.size() >= config.concurrency();
    }

    private Entry entry(ReverseLookup.Result result) {
        if (!result.names().isEmpty()) {
            counts.lookup(BotCounts.Lookup.CONFIRMED);
            return new Entry(State.CONFIRMED, result.names(), kept(result.seconds(), config.keep()));
        }
        if (result.certain()) {
            counts.lookup(BotCounts.Lookup.DENIED);
            return new Entry(State.DENIED, List.of(), config.keepAbsent());
        }
        counts.lookup(BotCounts.Lookup.FAILED);
        return new Entry(State.UNKNOWN, List.of(), config.keepFailed());
    }

    private static Duration kept(long seconds, Duration most) {
        Duration said = Duration.ofSeconds(Math.min(seconds, TimeUnit.DAYS.toSeconds(7)));
        Duration least = said.compareTo(SHORTEST) < 0 ? SHORTEST : said;
        return least.compareTo(most) < 0 ? least : most;
    }

    private static List<Cidr> insideNetworks() {
        List<Cidr> networks = new ArrayList<>(Cidr.parseNamed("private"));
        networks.addAll(Cidr.parseNamed("loopback"));
        for (String other : List.of("0.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "224.0.0.0/3", "::", "fe80::/10")) {
            networks.add(Cidr.parse(other));
        }
        return networks;
    }

    /** How many addresses are known. */
    long size() {
        return entries.estimatedSize();
    }

    List<Fill> fills() {
        return List.of(
                evictions.fill(Bounded.BOT_ADDRESSES, entries, config.maxEntries()),
                Fill.of(
                        Bounded.BOT_LOOKUPS,
                        underWay::size,
                        config.concurrency(),
                        () -> counts.lookups(BotCounts.Lookup.DROPPED)));
    }
}
