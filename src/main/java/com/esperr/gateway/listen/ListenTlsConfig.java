package com.esperr.gateway.listen;

import com.esperr.gateway.acme.AcmeConfig;
import com.esperr.gateway.config.Section;
import com.esperr.gateway.transport.CertificateFiles;
import com.esperr.gateway.transport.TlsProvider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code listen.tls}. Immutable.
 *
 * @param certificates the first is shown to whoever asks for a name that none is for
 * @param protocols the versions that are spoken
 * @param ciphers the suites, the preferred one first; those of TLS 1.3 are always all there with BoringSSL
 * @param handshakeTimeout from the connection to the end of the handshake
 * @param reloadInterval how often the files are looked at; zero: never
 * @param visitors whether visitors show certificates
 * @param sessions how sessions are resumed
 * @param ocspStapling whether authorities are asked what they say about their certificates
 * @param acme how one more certificate is had, which is the last of {@code certificates}, or null
 */
public record ListenTlsConfig(
        List<CertificateFiles> certificates,
        List<Protocol> protocols,
        List<String> ciphers,
        Duration handshakeTimeout,
        Duration reloadInterval,
        VisitorAuth visitors,
        SessionConfig sessions,
        boolean ocspStapling,
        @Nullable AcmeConfig acme) {
    /** Known to every provider. Asking one means to load it, for longer than all the rest of a start that needs no TLS. */
    private static final Set<String> KNOWN = Set.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String SUITES = "suites such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 that are known here";

    /** A version of TLS. */
    public enum Protocol {
        /** RFC 5246. */
        TLS_1_2("TLSv1.2"),
        /** RFC 8446. */
        TLS_1_3("TLSv1.3");

        private final String text;

        Protocol(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        static Protocol parse(String text) {
            for (Protocol protocol : values()) {
                if (protocol.text.equals(text)) {
                    return protocol;
                }
            }
            throw new IllegalArgumentException(text);
        }
    }

    /** Reads the section; null if it names no certificate. */
    static @Nullable ListenTlsConfig read(Section section) {
        return read(section, List.of());
    }

    /** Reads a section of the same keys and two more, which name the files of a first certificate; null if it names none. */
    public static @Nullable ListenTlsConfig readWithFirst(Section section) {
        ListenTlsConfig config = readFirst(section);
        if (config != null && config.acme != null && config.acme.challenge() == AcmeConfig.ChallengeKind.HTTP_01) {
            section.section("acme").problem("challenge", "http-01", "tls-alpn-01, as nothing listens without TLS here");
        }
        return config;
    }

    private static @Nullable ListenTlsConfig readFirst(Section section) {
        String certificate = section.stringOrNull("certificate-file");
        String key = section.stringOrNull("key-file");
        if (certificate != null && key != null) {
            return read(section, CertificateFiles.read(section).stream().toList());
        }
        if (certificate != null) {
            section.problem("certificate-file", certificate, "key-file beside it");
        } else if (key != null) {
            section.problem("key-file", key, "certificate-file beside it");
        }
        return read(section, List.of());
    }

    private static @Nullable ListenTlsConfig read(Section section, List<CertificateFiles> first) {
        List<CertificateFiles> certificates = Stream.concat(
                        first.stream(),
                        section.sections("certificates").stream()
                                .map(CertificateFiles::read)
                                .flatMap(Optional::stream))
                .toList();
        List<Protocol> protocols = section.parsedList("protocols", "TLSv1.3 or TLSv1.2", Protocol::parse);
        if (protocols.isEmpty()) {
            section.problem("protocols", "[]", "TLSv1.3, TLSv1.2 or both");
        }
        List<String> ciphers = section.parsedList("ciphers", SUITES, ListenTlsConfig::suite);
        if (section.strings("ciphers").isEmpty()) {
            section.problem("ciphers", "[]", SUITES);
        }
        Duration handshake = section.duration("handshake-timeout", Duration.ofMillis(100), Duration.ofMinutes(1));
        Duration reload = section.duration("reload-interval", Duration.ZERO, Duration.ofDays(1));
        VisitorAuth visitors = VisitorAuth.read(section);
        SessionConfig sessions = SessionConfig.read(section.section("sessions"));
        boolean stapling = section.flag("ocsp-stapling");
        AcmeConfig acme = AcmeConfig.read(section.section("acme"));
        List<CertificateFiles> all = acme == null
                ? certificates
                : Stream.concat(certificates.stream(), Stream.of(acme.files())).toList();
        return all.isEmpty()
                ? null
                : new ListenTlsConfig(all, protocols, ciphers, handshake, reload, visitors, sessions, stapling, acme);
    }

    private static String suite(String name) {
        if (!KNOWN.contains(name) && !TlsProvider.suites().contains(name)) {
            throw new IllegalArgumentException(name);
        }
        return name;
    }
}
