package com.esperr.gateway.bots;

import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.net.OriginUrl;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.BotFacts.Method;
import com.esperr.gateway.request.BotFacts.Status;
import com.esperr.gateway.request.BotLookup;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.signatures.KeyDirectory;
import com.esperr.gateway.transport.DnsClient;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.NameService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says which bot a request comes from, and what that is worth. Thread-safe; never waits. A request whose User-Agent names
 * nobody, that is not signed and comes from no range of a bot without names costs one pass over its User-Agent.
 *
 * <p>Who signed a request is who he signed as. Else it is who it says if its address is in a published range or has a name
 * that DNS confirms; an impostor if one of the two is known and says no, and unverified if nobody can tell.
 */
public final class Bots implements BotLookup, AutoCloseable {
    private final BotsConfig config;
    private final UserAgents userAgents;
    private final BotFiles files;
    private final Map<OriginUrl, DirectoryFetcher> fetchers = new HashMap<>();
    private final @Nullable DnsClient client;
    private final ReverseDns dns;
    private final WebBotAuth signatures;
    private final BotCounts counts;
    // The one that is in use while this is made.
    private @Nullable Bots before;

    private Bots(
            BotsConfig config,
            @Nullable EventLoops loops,
            @Nullable NameService service,
            @Nullable Bots before,
            LongSupplier nanos,
            LongSupplier millis) {
        this.config = config;
        this.before = before;
        this.counts = before == null ? new BotCounts() : before.counts;
        this.userAgents = UserAgents.of(config.known());
        this.files = new BotFiles(config.known());
        if (before != null && before.asksAlike(config)) {
            this.client = before.client;
            this.dns = before.dns;
        } else {
            this.client = loops == null || service != null
                    ? null
                    : new DnsClient(config.dns().servers(), config.dns().timeout(), loops);
            NameService names = service != null ? service : client != null ? client : new NoNames();
            this.dns = new ReverseDns(
                    config.dns(),
                    names,
                    name -> config.known().stream().anyMatch(bot -> bot.owns(name)),
                    counts,
                    nanos);
        }
        if (loops != null) {
            for (KnownBot bot : config.known()) {
                for (KeySource source : bot.keys()) {
                    OriginUrl agent = source.agent();
                    if (source.file() == null && agent != null) {
                        fetchers.computeIfAbsent(agent, one -> {
                            DirectoryFetcher known = before == null ? null : before.fetcher(one, config);
                            return known == null ? new DirectoryFetcher(one, config.signatures(), loops, nanos) : known;
                        });
                    }
                }
            }
        }
        this.signatures = new WebBotAuth(
                config.signatures(),
                new KeyDirectories(config.known(), this::directory),
                counts,
                before == null ? null : before.signatures,
                nanos,
                millis);
    }

    /** Begins to watch files and to fetch directories. */
    public static Bots open(BotsConfig config, EventLoops loops, LongSupplier nanos, LongSupplier millis) {
        return open(config, loops, null, nanos, millis);
    }

    /**
     * The same with what {@code before}, if there is one, knows: names that DNS confirmed and keys that were fetched, as far as they are
     * asked for in the same way. What both have lives on when {@link #leaveTo} has been called.
     */
    public static Bots open(
            BotsConfig config, EventLoops loops, @Nullable Bots before, LongSupplier nanos, LongSupplier millis) {
        Bots bots = new Bots(config, loops, null, before, nanos, millis);
        bots.files.start(config.reloadInterval());
        bots.fetchers.values().stream()
                .filter(fetcher -> before == null || !before.fetchers.containsValue(fetcher))
                .forEach(DirectoryFetcher::start);
        return bots;
    }

    private boolean asksAlike(BotsConfig other) {
        return config.dns().equals(other.dns()) && config.known().equals(other.known());
    }

    private @Nullable DirectoryFetcher fetcher(OriginUrl agent, BotsConfig other) {
        return config.signatures().equals(other.signatures()) ? fetchers.get(agent) : null;
    }

    /** Bots that ask {@code service} for names and fetch nothing. */
    static Bots asking(BotsConfig config, NameService service, LongSupplier nanos, LongSupplier millis) {
        return new Bots(config, null, service, null, nanos, millis);
    }

    private @Nullable KeyDirectory directory(KeySource source) {
        if (source.file() != null) {
            return files.directory(source.file());
        }
        DirectoryFetcher fetcher = fetchers.get(source.agent());
        return fetcher == null ? null : fetcher.keys();
    }

    @Override
    public BotFacts of(RequestContext request) {
        BotFacts facts = look(request);
        if (facts.known()) {
            counts.look(facts.status(), facts.method());
        }
        return facts;
    }

    private BotFacts look(RequestContext request) {
        String userAgent = request.userAgent();
        KnownBot claimed = userAgent == null ? null : userAgents.find(userAgent);
        IpAddress address = request.clientAddress();
        WebBotAuth.Verdict signed = signatures.check(request);
        KnownBot signer = signed.bot();
        if (signer != null && signed.valid()) {
            return verified(signer, Method.SIGNATURE);
        }
        if (claimed == null) {
            KnownBot there = address == null ? null : files.ranges().around(address);
            if (there != null) {
                return verified(there, Method.RANGE);
            }
            return signer != null && signed.refused() ? facts(signer, Status.IMPOSTOR) : BotFacts.NONE;
        }
        if (address != null && files.ranges().contain(claimed, address)) {
            return verified(claimed, Method.RANGE);
        }
        return named(claimed, address, claimed.equals(signer) && signed.refused());
    }

    private BotFacts named(KnownBot claimed, @Nullable IpAddress address, boolean refused) {
        boolean elsewhere = files.ranges().know(claimed);
        if (address == null || claimed.dns().isEmpty() || !config.dns().enabled()) {
            return facts(claimed, refused || (elsewhere && address != null) ? Status.IMPOSTOR : Status.UNVERIFIED);
        }
        ReverseDns.Entry entry = dns.look(address);
        return switch (entry.state()) {
            case CONFIRMED ->
                entry.names().stream().anyMatch(claimed::owns)
                        ? verified(claimed, Method.DNS)
                        : facts(claimed, Status.IMPOSTOR);
            case DENIED -> facts(claimed, Status.IMPOSTOR);
            case PENDING -> facts(claimed, Status.PENDING);
            case UNKNOWN -> facts(claimed, Status.UNVERIFIED);
        };
    }

    private BotFacts verified(KnownBot bot, Method method) {
        return new BotFacts(
                bot.name(), Status.VERIFIED, method, config.verified() == BotTreatment.ALLOW_UNLESS_BLOCKED);
    }

    private BotFacts facts(KnownBot bot, Status status) {
        boolean spared = status == Status.PENDING && config.pending() == BotTreatment.ALLOW_UNLESS_BLOCKED;
        return new BotFacts(bot.name(), status, null, spared);
    }

    /** What came of everything so far. */
    public BotCounts counts() {
        return counts;
    }

    /** How many networks of bots are known. */
    public long networks() {
        return files.ranges().networks();
    }

    /** How many addresses are kept with what DNS says about them. */
    public long addresses() {
        return dns.size();
    }

    /** How full is what is remembered. */
    public List<Fill> fills() {
        List<Fill> all = new ArrayList<>(dns.fills());
        all.add(signatures.fill());
        return List.copyOf(all);
    }

    /** How often other files came into force. */
    public long reloads() {
        return files.reloads();
    }

    /** How often files could not be used, or directories not be fetched. */
    public long failures() {
        return files.refused()
                + fetchers.values().stream().mapToLong(DirectoryFetcher::failed).sum();
    }

    /** Is not asked any more: ends what {@code next}, if there is one, has not. */
    public void leaveTo(@Nullable Bots next) {
        endBut(next);
        if (next != null) {
            next.before = null;
        }
    }

    private void endBut(@Nullable Bots other) {
        files.close();
        fetchers.values().stream()
                .filter(fetcher -> other == null || !other.fetchers.containsValue(fetcher))
                .forEach(DirectoryFetcher::close);
        if (client != null && (other == null || other.client != client)) {
            client.close();
        }
    }

    /** Ends everything, but for what belongs to the one before as long as that is in use. */
    @Override
    public void close() {
        endBut(before);
    }

    /** Stands in where nobody can be asked. */
    private static final class NoNames implements NameService {
        private static final Answer NOBODY = new Answer.Failed("nobody to ask");

        @Override
        public void names(IpAddress address, Consumer<Answer> sink) {
            sink.accept(NOBODY);
        }

        @Override
        public void addresses(String name, boolean ipv6, Consumer<Answer> sink) {
            sink.accept(NOBODY);
        }
    }
}
