package com.esperr.gateway.acme;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the authority finds when it looks whether a name leads here; there only while it is asked. Thread-safe. */
public final class ChallengeAnswers {
    /** The application protocol of a look by TLS-ALPN-01 (RFC 8737 section 4). */
    public static final String PROTOCOL = "acme-tls/1";

    private static final String PATH = "/.well-known/acme-challenge/";
    // As many as names in the one order that is under way.
    private final Map<String, String> files = new ConcurrentHashMap<>();
    private final Map<String, Shown> certificates = new ConcurrentHashMap<>();

    /**
     * A certificate that is shown to the authority only.
     *
     * @param key its key
     * @param certificate the certificate
     */
    public record Shown(PrivateKey key, X509Certificate certificate) {}

    /** What stands under that path, or null if nothing of ACME does. */
    public @Nullable String file(String path) {
        return path.startsWith(PATH) ? files.get(path.substring(PATH.length())) : null;
    }

    /** What is shown to who speaks {@link #PROTOCOL} and asks for that name, or null. */
    public @Nullable Shown certificate(@Nullable String name) {
        return name == null ? null : certificates.get(name);
    }

    void file(String token, String content) {
        files.put(token, content);
    }

    void certificate(String name, Shown shown) {
        certificates.put(name, shown);
    }

    /** Forgets everything: the order is over. */
    void clear() {
        files.clear();
        certificates.clear();
    }
}
