package com.esperr.gateway.upstream;

import com.esperr.gateway.config.Likewise;
import com.esperr.gateway.config.Section;
import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.transport.TlsPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Section {@code origin}, or one of {@code origins}. Immutable.
 *
 * @param name of the group in {@code origins}; the section's own is {@value #MAIN}
 * @param targets where the application listens, one or several places; none in the section's own if it says none
 * @param balance which of several a request goes to
 * @param tls how it is recognised if the URL says https
 * @param http2 whether HTTP/2 is spoken there
 * @param host which Host header it is sent
 * @param addressHeader how it is told whose requests a connection carries
 * @param connectTimeout for establishing a connection, TLS included
 * @param responseTimeout from the end of the request to the head of the response
 * @param idleTimeout longest pause inside a body
 * @param keepAlive how long an unused connection is kept
 * @param maxConnections connections per event loop
 * @param maxWaiting exchanges per event loop that may wait for a connection
 * @param maxWait how long they may wait
 * @param maxRequests under way at once at one endpoint, 0 for any number
 * @param limits of a response head
 * @param dnsInterval how often the addresses of a name are looked up; zero for new connections only
 * @param retry when a request is tried once more
 * @param outlier when an endpoint that fails gets no requests for a while
 * @param health what endpoints are asked now and then
 * @param shedding how many requests it is given at once
 */
public record OriginConfig(
        String name,
        List<OriginTarget> targets,
        Balance balance,
        TlsPeer tls,
        boolean http2,
        HostHeader host,
        AddressHeader.Version addressHeader,
        Duration connectTimeout,
        Duration responseTimeout,
        Duration idleTimeout,
        Duration keepAlive,
        int maxConnections,
        int maxWaiting,
        Duration maxWait,
        int maxRequests,
        DecoderLimits limits,
        Duration dnsInterval,
        RetryConfig retry,
        OutlierConfig outlier,
        HealthConfig health,
        SheddingConfig shedding) {
    /** The name of the group that section {@code origin} describes. */
    public static final String MAIN = "origin";

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);

    private static final String WHERE = ", by --origin, ESPER_ORIGIN or the file";

    /** What the Host header of a forwarded request holds. */
    public enum HostHeader {
        /** What the visitor sent. */
        PRESERVE,
        /** The host of the origin's URL. */
        REWRITE
    }

    /** Reads the section; whether it has to say where is for {@link #demand}. */
    public static OriginConfig read(Section section) {
        return read(section, MAIN);
    }

    /** The application has to be somewhere, as requests are forwarded to it. */
    public static void demand(Section section) {
        section.required("url", OriginTarget.EXPECTED + WHERE);
    }

    /** Whether it sends visitors to a challenge when it has too much to do. */
    public boolean challengesSurplus() {
        return shedding.enabled() && shedding.surplus() == Surplus.CHALLENGE;
    }

    /** There is no challenge to send them to, or there is one ({@code known}), but nobody to say that they have passed it. */
    public static void demandOtherSurplus(Section section, boolean known) {
        String why = known ? "without esper.api-key nobody verifies proofs" : "challenge.url is not set";
        section.section("shedding").problem("unverified", "challenge", "queue or refuse, because " + why);
    }

    /**
     * Reads the further groups, section {@code origins} of the root, by name. What a group leaves out is as in section
     * {@code origin}, but where it listens and how TLS is spoken there is its own affair.
     */
    public static List<OriginConfig> further(Section root) {
        List<OriginConfig> further = new ArrayList<>();
        Likewise.namedSections(root, "origins", root.section("origin"), Set.of("url", "tls"))
                .forEach((name, section) -> {
                    if (name.equals(MAIN)) {
                        section.problem("", name, "another name, because section origin has this one");
                    }
                    further.add(read(section, name));
                });
        return List.copyOf(further);
    }

    private static OriginConfig read(Section section, String name) {
        List<OriginTarget> targets = targets(section, name);
        TlsPeer tls = TlsPeer.read(section.section("tls"));
        if (tls.says() && targets.stream().noneMatch(OriginTarget::secure)) {
            section.problem("tls", "{…}", "nothing, because the URL does not say https");
        }
        boolean http2 = section.flag("http2");
        AddressHeader.Version addressHeader = section.choice("proxy-protocol", AddressHeader.Version.class);
        if (http2 && addressHeader != AddressHeader.Version.OFF) {
            section.problem("http2", "on", "off with proxy-protocol, as visitors share a connection");
        }
        return new OriginConfig(
                name,
                targets,
                Balance.read(section),
                tls,
                http2,
                section.choice("host", HostHeader.class),
                addressHeader,
                section.duration("connect-timeout", MILLISECOND, MINUTE),
                section.duration("response-timeout", MILLISECOND, DAY),
                section.duration("idle-timeout", MILLISECOND, DAY),
                section.duration("keep-alive", Duration.ZERO, DAY),
                section.integer("max-connections", 1, 65_536),
                section.integer("max-waiting", 0, 1_000_000),
                section.duration("max-wait", Duration.ZERO, MINUTE),
                section.integer("max-requests", 0, 1_000_000),
                new DecoderLimits(
                        8192,
                        Math.toIntExact(section.bytes("header-bytes", 256, 16 << 20)),
                        section.integer("header-count", 1, 10_000),
                        Long.MAX_VALUE),
                section.duration("dns-interval", Duration.ZERO, DAY),
                RetryConfig.read(section.section("retry")),
                OutlierConfig.read(section.section("outlier")),
                HealthConfig.read(section.section("health")),
                SheddingConfig.read(section.section("shedding")));
    }

    /** Where it listens, or the first such place. */
    public OriginTarget url() {
        return targets.get(0);
    }

    /** Where it listens, for people. */
    public String places() {
        return targets.stream().map(OriginTarget::toString).collect(Collectors.joining(", "));
    }

    /** Whether a connection carries requests of one visitor only, and is not kept. */
    boolean tellsAddress() {
        return addressHeader != AddressHeader.Version.OFF;
    }

    /** Whether TLS is spoken to any of its places. */
    boolean secure() {
        return targets.stream().anyMatch(OriginTarget::secure);
    }

    private static List<OriginTarget> targets(Section section, String name) {
        OriginTarget standIn = OriginTarget.parse("http://127.0.0.1:1");
        Object written = section.raw("url");
        if (name.equals(MAIN) && (written == null || written.toString().isBlank())) {
            return List.of();
        }
        boolean several = written instanceof List || (written instanceof String text && text.indexOf(',') >= 0);
        if (!several && section.required("url", OriginTarget.EXPECTED + WHERE).isEmpty()) {
            return List.of(standIn);
        }
        List<OriginTarget> targets = several
                ? section.parsedList("url", OriginTarget.EXPECTED, OriginTarget::parse)
                : List.of(section.parsed("url", OriginTarget.EXPECTED, standIn, OriginTarget::parse));
        if (targets.isEmpty()
                || targets.size() > Balancer.MOST
                || Set.copyOf(targets).size() < targets.size()) {
            section.problem("url", targets.size() + " places", "1.." + Balancer.MOST + ", each once");
            return List.of(standIn);
        }
        return targets;
    }
}
