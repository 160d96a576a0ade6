package com.esperr.gateway.listen;

import com.esperr.gateway.authz.AuthzConfig;
import com.esperr.gateway.authz.Profile;
import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code listen}, and each of {@code listeners}. Immutable.
 *
 * @param key where it is configured, for messages and metrics
 * @param address where visitors connect
 * @param backlog connections the kernel may hold before they are accepted
 * @param mode who may connect if it is a unix socket
 * @param reusePort whether each event loop accepts on a socket of its own
 * @param connections connections here at once, 0 for any
 * @param proxyProtocol how a balancer in front tells the visitor's address
 * @param redirect whether visitors are sent to where TLS is spoken
 * @param hsts what browsers are told of that
 * @param http2 how HTTP/2 is spoken there
 * @param authz which proxy asks there about its requests, if it is no place for visitors
 * @param http3 how HTTP/3 is spoken there
 * @param tls how TLS is spoken there, or null if it is not
 */
public record ListenConfig(
        String key,
        ListenAddress address,
        int backlog,
        SocketMode mode,
        boolean reusePort,
        int connections,
        ProxyProtocolConfig proxyProtocol,
        HttpsRedirectConfig redirect,
        HstsConfig hsts,
        Http2Config http2,
        AuthzConfig authz,
        Http3Config http3,
        @Nullable ListenTlsConfig tls) {
    private static final ListenAddress STAND_IN = new ListenAddress.Tcp(new HostPort("127.0.0.1", 0));

    /** Reads the section {@code listen} of {@code root} and the list {@code listeners} beside it, in this order. */
    public static List<ListenConfig> readAll(Section root) {
        List<ListenConfig> all = new ArrayList<>();
        all.add(read(root.section("listen")));
        for (Section further : root.sectionsLike("listeners", "listen", "address")) {
            ListenConfig one = read(further);
            if (isTaken(one.address, all)) {
                further.problem("address", one.address.toString(), "an address that no other listener has");
            }
            all.add(one);
        }
        return List.copyOf(all);
    }

    private static boolean isTaken(ListenAddress address, List<ListenConfig> others) {
        boolean anyPort = address instanceof ListenAddress.Tcp tcp && tcp.at().port() == 0;
        return !anyPort && others.stream().anyMatch(other -> other.address.equals(address));
    }

    /** Reads one. */
    static ListenConfig read(Section section) {
        ListenAddress address = section.parsed("address", ListenAddress.EXPECTED, STAND_IN, ListenAddress::parse);
        ProxyProtocolConfig proxyProtocol = ProxyProtocolConfig.read(section.section("proxy-protocol"));
        AuthzConfig authz = AuthzConfig.read(section.section("authz"));
        ListenTlsConfig tls = ListenTlsConfig.read(section.section("tls"));
        HttpsRedirectConfig redirect = HttpsRedirectConfig.read(section.section("redirect-to-https"));
        if (tls != null && redirect.enabled()) {
            section.section("redirect-to-https").problem("enabled", "true", "false, as TLS is spoken here");
        }
        return new ListenConfig(
                section.path(),
                address,
                section.integer("backlog", 1, 65_535),
                section.parsed(
                        "socket-mode",
                        "three octal digits, such as 660, with read and write for the owner",
                        SocketMode.parse("600"),
                        SocketMode::parse),
                section.flag("reuse-port"),
                section.integer("connections", 0, 1_000_000),
                proxyProtocol,
                redirect,
                HstsConfig.read(section.section("hsts"), tls != null || wantsTls(section)),
                Http2Config.read(section.section("http2")),
                authz,
                Http3Config.read(section.section("http3"), quicObstacle(section, address, proxyProtocol, authz, tls)),
                tls);
    }

    /** What HTTP/3 cannot be spoken with, or null. */
    private static @Nullable String quicObstacle(
            Section section,
            ListenAddress address,
            ProxyProtocolConfig proxyProtocol,
            AuthzConfig authz,
            @Nullable ListenTlsConfig tls) {
        if (authz.profile() != AuthzConfig.OFF.profile()) {
            return "no visitors come here";
        }
        if (address instanceof ListenAddress.Unix) {
            return "it needs a port";
        }
        if (proxyProtocol.mode() != ProxyProtocolConfig.Mode.OFF) {
            return "there is no PROXY protocol in UDP";
        }
        if (tls == null) {
            return wantsTls(section) ? null : "it needs the certificates of " + section.path() + ".tls";
        }
        if (!tls.protocols().contains(ListenTlsConfig.Protocol.TLS_1_3)) {
            return "it needs TLSv1.3 among " + section.path() + ".tls.protocols";
        }
        return tls.visitors().asks() ? "visitors are asked for certificates only over TCP" : null;
    }

    /** Whether TLS is meant to be spoken, even if that cannot be for now; what is wrong with it is said elsewhere. */
    private static boolean wantsTls(Section section) {
        return !section.section("tls").sections("certificates").isEmpty();
    }

    /** A listener on {@code address} that does nothing but accept. */
    public static ListenConfig plain(ListenAddress address) {
        return new ListenConfig(
                "listen",
                address,
                16,
                SocketMode.parse("600"),
                false,
                0,
                ProxyProtocolConfig.OFF,
                HttpsRedirectConfig.OFF,
                HstsConfig.OFF,
                Http2Config.PLAIN,
                AuthzConfig.OFF,
                Http3Config.OFF,
                null);
    }

    /** Where it is to listen, with what is special about that, for people. */
    public String described() {
        return described(address.toString(), traits());
    }

    static String described(String where, List<String> traits) {
        return traits.isEmpty() ? where : where + " (" + String.join(", ", traits) + ")";
    }

    /** In a word or two each, what is special about it. */
    List<String> traits() {
        List<String> traits = new ArrayList<>();
        if (tls != null) {
            traits.add("tls");
        }
        if (http3.enabled()) {
            traits.add("http/3, experimental");
        }
        if (redirect.enabled()) {
            traits.add("redirecting to https");
        }
        if (authz.profile() != Profile.OFF) {
            traits.add("asked by " + authz.profile().name().toLowerCase(Locale.ROOT));
        }
        if (proxyProtocol.mode() != ProxyProtocolConfig.Mode.OFF) {
            traits.add("proxy-protocol " + proxyProtocol.mode().label());
        }
        return traits;
    }
}
