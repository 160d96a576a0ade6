package com.esperr.gateway.listen;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.transport.CertificateFiles;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code listen.tls}. Immutable.
 *
 * @param certificates the first is shown to whoever asks for a name that none is for
 * @param protocols the versions that are spoken
 * @param handshakeTimeout from the connection to the end of the handshake
 * @param reloadInterval how often the files are looked at; zero: never
 */
public record ListenTlsConfig(
        List<CertificateFiles> certificates,
        List<Protocol> protocols,
        Duration handshakeTimeout,
        Duration reloadInterval) {
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
        List<CertificateFiles> certificates = section.sections("certificates").stream()
                .map(CertificateFiles::read)
                .flatMap(Optional::stream)
                .toList();
        List<Protocol> protocols = section.parsedList("protocols", "TLSv1.3 or TLSv1.2", Protocol::parse);
        if (protocols.isEmpty()) {
            section.problem("protocols", "[]", "TLSv1.3, TLSv1.2 or both");
        }
        Duration handshake = section.duration("handshake-timeout", Duration.ofMillis(100), Duration.ofMinutes(1));
        Duration reload = section.duration("reload-interval", Duration.ZERO, Duration.ofDays(1));
        return certificates.isEmpty() ? null : new ListenTlsConfig(certificates, protocols, handshake, reload);
    }
}
