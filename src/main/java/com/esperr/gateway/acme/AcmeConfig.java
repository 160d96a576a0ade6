package com.esperr.gateway.acme;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.transport.BackOff;
import com.esperr.gateway.transport.CaFile;
import com.esperr.gateway.transport.CertificateFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code listen.tls.acme}. Immutable.
 *
 * @param domains the names of the certificate; empty if there is to be none
 * @param directory where the authority is asked
 * @param email whom it may write to, or empty
 * @param termsAgreed whether its terms are agreed to
 * @param storage the directory of account key, key and certificate
 * @param challenge how it is shown that the names lead here
 * @param renewBefore how long before its end a certificate is renewed
 * @param timeout how long each step may take
 * @param retry when to ask again after a failure
 * @param caFile PEM file of the authorities to trust when asking, or null for the JDK's
 */
public record AcmeConfig(
        List<String> domains,
        URI directory,
        String email,
        boolean termsAgreed,
        Path storage,
        ChallengeKind challenge,
        Duration renewBefore,
        Duration timeout,
        BackOff retry,
        @Nullable Path caFile) {
    private static final String NAME = "a host name without a wildcard";
    private static final int MOST_NAMES = 100;

    /** How it is shown that a name leads here. */
    public enum ChallengeKind {
        /** A file on port 80 (RFC 8555 section 8.3). */
        HTTP_01,
        /** A certificate on port 443 (RFC 8737). */
        TLS_ALPN_01
    }

    /** Reads the section; null if it names no domain. */
    public static @Nullable AcmeConfig read(Section section) {
        AcmeConfig config = new AcmeConfig(
                section.parsedList("domains", NAME, AcmeConfig::name),
                section.parsed("directory-url", "an https URL", URI.create("https://acme.invalid/"), AcmeConfig::url),
                section.string("email"),
                section.flag("terms-agreed"),
                section.parsed("storage", "a directory", Path.of("data/acme"), Path::of),
                section.choice("challenge", ChallengeKind.class),
                section.duration("renew-before", Duration.ofMinutes(1), Duration.ofDays(90)),
                section.duration("timeout", Duration.ofSeconds(1), Duration.ofMinutes(30)),
                BackOff.read(section.section("retry")),
                CaFile.read(section, "ca-file"));
        if (config.domains.isEmpty()) {
            return null;
        }
        if (config.domains.size() > MOST_NAMES) {
            section.problem("domains", config.domains.size() + " names", MOST_NAMES + " at the most");
        }
        if (!config.termsAgreed) {
            section.problem("terms-agreed", "false", "true, when the terms of the authority have been read");
        }
        return config;
    }

    /** What the listener reads. */
    public CertificateFiles files() {
        return new CertificateFiles(storage.resolve("site.pem"), storage.resolve("site.key"));
    }

    /** The key under which the authority knows us. */
    Path accountKey() {
        return storage.resolve("account.key");
    }

    private static String name(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (name.length() > 253 || !name.matches("[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_]([a-z0-9_-]{0,62}))*")) {
            throw new IllegalArgumentException(NAME);
        }
        return name;
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        if (!"https".equals(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException("not https");
        }
        return url;
    }
}
