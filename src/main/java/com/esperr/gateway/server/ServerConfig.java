package com.esperr.gateway.server;

import com.esperr.gateway.challenge.HostedConfig;
import com.esperr.gateway.challenge.ReturnHosts;
import com.esperr.gateway.config.Problem;
import com.esperr.gateway.config.Section;
import com.esperr.gateway.listen.ListenTlsConfig;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.net.OriginUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code server}. Immutable.
 *
 * @param address where it listens
 * @param publicUrl under which visitors reach its pages, or null for the address
 * @param tls how TLS is spoken with clients, or null
 * @param keysFile the API keys, or null
 * @param keysInterval how often the file is looked at
 * @param tenants whose requests are decided
 * @param maxConnections connections at once
 * @param maxBody bytes of a request at the most
 * @param maxEvents events in one request
 * @param rate how much one key may ask
 * @param idempotency how answers are kept for repetitions
 * @param challenge the challenges it hosts
 * @param feed what gateways in mode hybrid follow
 * @param bouncers what bouncers of CrowdSec ask for
 */
public record ServerConfig(
        HostPort address,
        @Nullable OriginUrl publicUrl,
        @Nullable ListenTlsConfig tls,
        @Nullable Path keysFile,
        Duration keysInterval,
        List<TenantConfig> tenants,
        int maxConnections,
        int maxBody,
        int maxEvents,
        Rate rate,
        Keep idempotency,
        HostedConfig challenge,
        FeedTerms feed,
        BouncerTerms bouncers) {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String FILE = "the path of a file";

    /**
     * One tenant.
     *
     * @param policies the files of its policies
     * @param returnHosts the hosts that visitors go back to from a challenge
     */
    public record TenantConfig(String id, List<Path> policies, ReturnHosts returnHosts) {}

    /** Requests a second, and how many at once after a rest. */
    record Rate(int perSecond, int burst) {}

    /** How many answers are kept, and how long. */
    record Keep(long maxEntries, Duration time) {}

    /** How many changes are kept for those who come back, how often life is shown, and for how many. */
    record FeedTerms(int history, Duration heartbeat, int maxSubscribers) {}

    /** Whether bouncers are told of those of whom the address is but a part, and how many bouncers are remembered. */
    public record BouncerTerms(boolean wholeAddress, int max) {
        static BouncerTerms read(Section section) {
            return new BouncerTerms(section.flag("whole-address"), section.integer("max", 1, 10_000));
        }
    }

    /** Reads the section; {@code listenTls} is the one whose keys its own of TLS has, too. */
    public static ServerConfig read(Section section, Section listenTls) {
        Section rate = section.section("rate-limit");
        Section keep = section.section("idempotency");
        Section feed = section.section("feed");
        return new ServerConfig(
                section.parsed(
                        "address",
                        "HOST:PORT such as 127.0.0.1:8081",
                        new HostPort("127.0.0.1", 8081),
                        HostPort::parseListen),
                section.parsedOrNull("public-url", "http(s)://HOST[:PORT]", OriginUrl::parse),
                ListenTlsConfig.readWithFirst(section.sectionLike("tls", listenTls)),
                section.parsedOrNull("keys-file", FILE, Path::of),
                section.duration("keys-interval", Duration.ofMillis(100), Duration.ofHours(1)),
                tenants(section),
                section.integer("max-connections", 1, 1_000_000),
                Math.toIntExact(section.bytes("max-body", 1024, 16 << 20)),
                section.integer("max-events", 1, 10_000),
                new Rate(rate.integer("per-second", 1, 10_000_000), rate.integer("burst", 1, 10_000_000)),
                new Keep(keep.number("max-entries", 1, 100_000_000), keep.duration("time", SECOND, DAY)),
                HostedConfig.read(section.section("challenge")),
                new FeedTerms(
                        feed.integer("history", 1, 10_000_000),
                        feed.duration("heartbeat", Duration.ofMillis(100), Duration.ofMinutes(5)),
                        feed.integer("max-subscribers", 0, 100_000)),
                BouncerTerms.read(section.section("bouncers")));
    }

    /** The hosts that visitors of {@code tenant} go back to from a challenge. */
    public ReturnHosts returnHosts(String tenant) {
        return tenants.stream()
                .filter(one -> one.id().equals(tenant))
                .findFirst()
                .map(TenantConfig::returnHosts)
                .orElse(ReturnHosts.NONE);
    }

    private static List<TenantConfig> tenants(Section section) {
        List<TenantConfig> tenants = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Section one : section.sections("tenants")) {
            String id = one.required("tenant_id", "the id of the tenant");
            if (!id.isEmpty() && !ids.add(id)) {
                one.problem("tenant_id", id, "an id of its own");
            }
            tenants.add(new TenantConfig(
                    id,
                    one.parsedList("policies", "the path of a file or directory", Path::of),
                    new ReturnHosts(
                            Set.copyOf(one.parsedList("return-hosts", "a host name, or *", ServerConfig::host)))));
        }
        return List.copyOf(tenants);
    }

    private static String host(String text) {
        if (text.equals(ReturnHosts.ANY)) {
            return text;
        }
        HostPort read = HostPort.parse(text, 1);
        if (read.port() != 1) {
            throw new IllegalArgumentException("a port does not belong here");
        }
        return read.host().toLowerCase(Locale.ROOT);
    }

    /** What the service cannot do without and the gateway can. */
    public List<Problem> missing() {
        List<Problem> problems = new ArrayList<>();
        if (keysFile == null) {
            problems.add(new Problem("server", "server.keys-file", "missing", "the file that \"keys create\" writes"));
        }
        if (tenants.isEmpty()) {
            problems.add(new Problem("server", "server.tenants", "[]", "at least one tenant"));
        }
        return problems;
    }
}
