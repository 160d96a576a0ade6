package com.esperr.gateway.boot;

import com.esperr.gateway.admin.AdminConfig;
import com.esperr.gateway.authz.Profile;
import com.esperr.gateway.beacon.BeaconConfig;
import com.esperr.gateway.bots.BotsConfig;
import com.esperr.gateway.challenge.KeepConfig;
import com.esperr.gateway.challenge.PassConfig;
import com.esperr.gateway.child.ExecConfig;
import com.esperr.gateway.cloud.CloudConfig;
import com.esperr.gateway.config.Alias;
import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Section;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.FailureTable;
import com.esperr.gateway.esper.BodyExtractors;
import com.esperr.gateway.esper.EsperConfig;
import com.esperr.gateway.esper.ProofConfig;
import com.esperr.gateway.explain.ExplainConfig;
import com.esperr.gateway.hosting.GatewayReception;
import com.esperr.gateway.hosting.HostingConfig;
import com.esperr.gateway.hosting.ReceptionBodies;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.hybrid.FeedKind;
import com.esperr.gateway.hybrid.HybridConfig;
import com.esperr.gateway.hybrid.HybridSource;
import com.esperr.gateway.hybrid.OnMiss;
import com.esperr.gateway.listen.ListenConfig;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.page.PageConfig;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.proxy.ForwardConfig;
import com.esperr.gateway.proxy.LimitsConfig;
import com.esperr.gateway.proxy.MaintenanceConfig;
import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.proxy.ResponseConfig;
import com.esperr.gateway.proxy.UpgradeConfig;
import com.esperr.gateway.replay.RecordConfig;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.ClientConfig;
import com.esperr.gateway.request.PathConfig;
import com.esperr.gateway.request.Routes;
import com.esperr.gateway.request.VirtualHosts;
import com.esperr.gateway.server.ServerConfig;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.StateConfig;
import com.esperr.gateway.telemetry.LogConfig;
import com.esperr.gateway.tracing.TracesConfig;
import com.esperr.gateway.transport.TransportConfig;
import com.esperr.gateway.upstream.OriginConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that is configured, each feature's record read by the feature itself. Immutable. */
public record GatewayConfig(
        Mode mode,
        Source monitored,
        List<ListenConfig> listeners,
        OriginConfig origin,
        List<OriginConfig> origins,
        MaintenanceConfig maintenance,
        LimitsConfig limits,
        UpgradeConfig upgrade,
        ClientConfig client,
        PathRules paths,
        ForwardConfig forward,
        ResponseConfig responses,
        VirtualHosts hosts,
        Duration decisionTimeout,
        FailureTable failures,
        @Nullable ChallengeUrl challenge,
        List<String> challengeHosts,
        ProofConfig proofs,
        PassConfig passes,
        HostingConfig hosting,
        PageConfig pages,
        KeepConfig keep,
        PolicyConfig policies,
        StateConfig state,
        BotsConfig bots,
        String sourceName,
        EsperConfig esper,
        CloudConfig cloud,
        BeaconConfig beacon,
        HybridConfig hybrid,
        ServerConfig server,
        Operation operation) {

    /** The short names beside the systematic ones; of two for one key the earlier wins. */
    private static final List<Alias> ALIASES = List.of(
            Alias.of("ESPER_ORIGIN", "origin.url"),
            Alias.of("ESPER_LISTEN", "listen.address"),
            Alias.of("PORT", "listen.address", port -> "0.0.0.0:" + port),
            Alias.of("ESPER_API_KEY", "esper.api-key"),
            Alias.of("ESPER_API_URL", "esper.api-url"),
            Alias.of("TURNSTILE_SITE_KEY", "challenge.hosted.turnstile.site-key"),
            Alias.of("TURNSTILE_SECRET_KEY", "challenge.hosted.turnstile.secret"),
            Alias.of("HCAPTCHA_SITE_KEY", "challenge.hosted.hcaptcha.site-key"),
            Alias.of("HCAPTCHA_SECRET_KEY", "challenge.hosted.hcaptcha.secret"),
            Alias.of("RECAPTCHA_SITE_KEY", "challenge.hosted.recaptcha.site-key"),
            Alias.of("RECAPTCHA_SECRET_KEY", "challenge.hosted.recaptcha.secret"),
            Alias.known("ESPER_CONFIG"),
            Alias.of("--origin", "origin.url"),
            Alias.of("--listen", "listen.address"),
            Alias.of("--mode", "mode"),
            Alias.of("--admin", "admin.address"));

    /** The source that decides, or is watched. */
    public enum Source {
        /** The embedded engine. */
        LOCAL,
        /** Esper's runtime API. */
        CLOUD,
        /** What Esper has decided before. */
        HYBRID;

        /** The word in configuration and log. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads everything: options over environment over file over reference.
     *
     * @param options values by option name ({@code --listen}) or by path
     */
    public static Loaded<GatewayConfig> load(
            @Nullable Path file, Map<String, String> environment, Map<String, String> options) {
        return Configurations.read(
                ConfigSource.load(file, environment, options).withAliases(ALIASES), GatewayConfig::read);
    }

    /** The short names, for documentation and tests. */
    public static List<Alias> aliases() {
        return ALIASES;
    }

    /** The operator port. */
    public AdminConfig admin() {
        return operation.admin();
    }

    /** What is written down. */
    public LogConfig log() {
        return operation.log();
    }

    /** The traces it takes part in. */
    TracesConfig traces() {
        return operation.traces();
    }

    /** What is recorded to be shown to other policies. */
    public RecordConfig record() {
        return operation.record();
    }

    /** Of which requests it is kept why they were answered as they were. */
    public ExplainConfig explain() {
        return operation.explain();
    }

    /** When this is read again. */
    public ReloadConfig reload() {
        return operation.reload();
    }

    /** How the process ends. */
    public ShutdownConfig shutdown() {
        return operation.shutdown();
    }

    /** How the next process takes over. */
    public HandoverConfig handover() {
        return operation.handover();
    }

    /** The application, if this runs it. */
    public ExecConfig exec() {
        return operation.exec();
    }

    /** The threads. */
    public TransportConfig runtime() {
        return operation.runtime();
    }

    private boolean shares() {
        return source() == Source.HYBRID && hybrid.feeds(FeedKind.SHARED);
    }

    /** The secret that gateways shared before a restart, which this blocks to read, or null. */
    @Nullable
    HashSeed knownSeed() {
        return shares() ? HybridSource.savedSeed(hybrid) : null;
    }

    /** Those of requests that no site has routes of its own for. */
    Routes routes() {
        return hosts.standardRoutes();
    }

    /** Whether visitors come here whose requests are forwarded, and not only proxies that ask about theirs. */
    boolean forwards() {
        return listeners.stream().anyMatch(listen -> listen.authz().profile() == Profile.OFF);
    }

    /** All groups of origins, in the order in which sites refer to them. */
    List<OriginConfig> allOrigins() {
        return Stream.concat(Stream.of(origin), origins.stream()).toList();
    }

    /** Who decides, also in mode monitor. */
    public Source source() {
        return source(mode, monitored);
    }

    /** Where visitors are to connect, with what is special about it, for people. */
    public String listening() {
        return listeners.stream().map(ListenConfig::described).collect(Collectors.joining(" and "));
    }

    /** What the listeners are made of. */
    ProxyServer.Settings proxy(Sources sources, Front front, List<ProxyServer.Entrance> entrances) {
        GatewayReception reception = front.reception();
        SitePolicies local = sources.local();
        BodyReader body = local != null
                ? new SiteBodies(local, policies.bodies())
                : asks(source(), hybrid) ? BodyExtractors.of(esper) : BodyReader.NONE;
        return new ProxyServer.Settings(
                entrances,
                maintenance,
                limits,
                upgrade,
                forward,
                client.ipv6Prefix(),
                responses,
                mode == Mode.MONITOR,
                hosts.refusal(),
                decisionTimeout,
                reception == null ? body : new ReceptionBodies(reception, body),
                front.pages(),
                reception,
                challenge);
    }

    private static Source source(Mode mode, Source monitored) {
        return switch (mode) {
            case LOCAL -> Source.LOCAL;
            case CLOUD -> Source.CLOUD;
            case HYBRID -> Source.HYBRID;
            case MONITOR -> monitored;
        };
    }

    /** Whether Esper is asked about requests. */
    private static boolean asks(Source source, HybridConfig hybrid) {
        return source == Source.CLOUD || (source == Source.HYBRID && hybrid.onMiss() == OnMiss.ASK);
    }

    /** Whether a server is followed that tells of mitigations. */
    private static boolean follows(Source source, HybridConfig hybrid) {
        return source == Source.HYBRID && hybrid.feeds(FeedKind.PUSHED);
    }

    /** Whether mitigations are looked up of which nobody would ever tell. */
    public boolean learnsNothing() {
        return source() == Source.HYBRID
                && !hybrid.feeds(FeedKind.PUSHED)
                && !hybrid.feeds(FeedKind.SHARED)
                && (!hybrid.feeds(FeedKind.LEARNED) || (!asks(source(), hybrid) && !beacon.sends()));
    }

    private static String host(String text) {
        if (HostPort.parse(text, 1).port() != 1) {
            throw new IllegalArgumentException("a port does not belong here");
        }
        return text;
    }

    /** Whether Esper is called for anything. */
    private static boolean calls(Source source, HybridConfig hybrid, BeaconConfig beacon) {
        return asks(source, hybrid) || follows(source, hybrid) || beacon.sends();
    }

    private static List<String> names(List<OriginConfig> origins) {
        return origins.stream().map(OriginConfig::name).toList();
    }

    private static GatewayConfig read(Section root) {
        Mode mode = root.choice("mode", Mode.class);
        Source monitored = root.section("monitor").choice("source", Source.class);
        Section challengeSection = root.section("challenge");
        HostingConfig hosting = HostingConfig.read(challengeSection.section("hosted"));
        ChallengeUrl challenge = place(challengeSection, hosting);
        BeaconConfig beacon = BeaconConfig.read(root);
        HybridConfig hybrid = HybridConfig.read(root.section("hybrid"));
        List<OriginConfig> origins = OriginConfig.further(root);
        VirtualHosts hosts = VirtualHosts.read(root, names(origins));
        EsperConfig esper = EsperConfig.read(root.section("esper"), calls(source(mode, monitored), hybrid, beacon));
        demandPasses(hosts.requirePasses() && !isHosted(challenge, hosting), root, challenge, esper);
        return demandOrigin(
                root,
                new GatewayConfig(
                        mode,
                        monitored,
                        ListenConfig.readAll(root),
                        OriginConfig.read(root.section("origin")),
                        origins,
                        MaintenanceConfig.read(root.section("maintenance")),
                        LimitsConfig.read(root.section("limits")),
                        UpgradeConfig.read(root.section("upgrade")),
                        ClientConfig.read(root.section("client")),
                        PathConfig.read(root.section("paths")),
                        ForwardConfig.read(root.section("forward")),
                        ResponseConfig.read(root),
                        hosts,
                        root.section("decision").duration("timeout", Duration.ofMillis(1), Duration.ofMinutes(1)),
                        FailureTable.read(root.section("failure"), challenge),
                        challenge,
                        challengeSection.parsedList("allowed-hosts", "a host name", GatewayConfig::host),
                        ProofConfig.read(challengeSection),
                        PassConfig.read(challengeSection),
                        hosting,
                        PageConfig.read(root.section("pages")),
                        KeepConfig.read(challengeSection.section("kept-requests")),
                        PolicyConfig.read(root.section("policies")),
                        state(root, hybrid),
                        BotsConfig.read(root.section("bots")),
                        root.section("esper").string("source"),
                        esper,
                        CloudConfig.read(root.section("esper")),
                        beacon,
                        hybrid,
                        ServerConfig.read(
                                root.section("server"), root.section("listen").section("tls")),
                        Operation.read(root)));
    }

    /** Where only proxies ask nothing is forwarded, and so the application need not be known. */
    private static GatewayConfig demandOrigin(Section root, GatewayConfig config) {
        AskingProxies.demand(root, config);
        OwnListeners.refuse(root, config);
        if (config.forwards() && config.origin.targets().isEmpty()) {
            OriginConfig.demand(root.section("origin"));
        }
        boolean passable = isHosted(config.challenge, config.hosting)
                || (config.challenge != null && !config.esper.apiKey().isEmpty());
        if (!passable && config.allOrigins().stream().anyMatch(OriginConfig::challengesSurplus)) {
            OriginConfig.demandOtherSurplus(root.section("origin"), config.challenge != null);
        }
        return config;
    }

    /** Where visitors are sent for whom nobody else says where. */
    private static @Nullable ChallengeUrl place(Section challenge, HostingConfig hosting) {
        ChallengeUrl elsewhere = challenge.parsedOrNull(
                "url", "an http(s) URL or a path, e.g. /challenge?return_url={return_url}", ChallengeUrl::parse);
        return elsewhere == null && hosting.enabled() ? GatewayReception.place(hosting.path()) : elsewhere;
    }

    private static boolean isHosted(@Nullable ChallengeUrl challenge, HostingConfig hosting) {
        return hosting.enabled() && GatewayReception.place(hosting.path()).equals(challenge);
    }

    private static StateConfig state(Section root, HybridConfig hybrid) {
        StateConfig state = StateConfig.read(root.section("state"));
        if (hybrid.feeds(FeedKind.SHARED) && state.store() != StateConfig.Store.REDIS) {
            root.section("hybrid").problem("feed", "shared", "state.store = redis, which is where gateways share");
        }
        return state;
    }

    /** What it takes, where it is needed, to send visitors to a challenge and to know who has passed it. */
    private static void demandPasses(
            boolean needed, Section root, @Nullable ChallengeUrl challenge, EsperConfig esper) {
        if (needed && challenge == null) {
            root.section("challenge").problem("url", "missing", "a URL, because a route has require-level");
        }
        if (needed && esper.apiKey().isEmpty()) {
            root.section("esper")
                    .problem(
                            "api-key",
                            "missing",
                            "a key, because a route has require-level and somebody has to verify proofs");
        }
    }
}
