package com.esperr.gateway.bots;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.OriginUrl;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a bot's public keys are: a file, or the directory of a host that an operator named. Immutable.
 *
 * @param agent the host as signatures name it (Signature-Agent), or null for keys in a file that name none
 * @param file a JWK set, or null: then the agent's directory is fetched
 */
record KeySource(@Nullable OriginUrl agent, @Nullable Path file) {
    /** Where hosts keep their keys. */
    static final String DIRECTORY = "/.well-known/http-message-signatures-directory";

    private static final String A_HOST = "https:// and a host, such as https://bot.example";

    static KeySource read(Section section) {
        Path file = section.parsedOrNull("file", "the path of a file", Path::of);
        OriginUrl agent = section.parsedOrNull("agent", A_HOST, KeySource::agent);
        if (file == null && agent == null) {
            section.problem("", "neither file nor agent", "the file of a JWK set, or the agent whose directory has it");
        }
        return new KeySource(agent, file);
    }

    /** Keys that come over a line which anybody may write to prove nothing; on this machine nobody else does. */
    private static OriginUrl agent(String text) {
        OriginUrl url = OriginUrl.parse(text);
        if (url.scheme() != OriginUrl.Scheme.HTTPS
                && (url.address().address() == null || !url.address().address().isLoopback())) {
            throw new IllegalArgumentException(text);
        }
        return url;
    }

    /** Whether a signature that says {@code told} means this source. */
    boolean is(String told) {
        OriginUrl known = agent;
        if (known == null) {
            return false;
        }
        try {
            return OriginUrl.parse(told).equals(known);
        } catch (IllegalArgumentException noUrl) {
            return false;
        }
    }
}
