package com.esperr.gateway.listen;

import com.esperr.gateway.acme.ChallengeAnswers;
import com.esperr.gateway.tls.ClientHello;
import com.esperr.gateway.transport.TlsProvider;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an authority is shown that looks whether a name leads here (TLS-ALPN-01, RFC 8737). Thread-safe. */
final class ChallengeContexts {
    private static final Logger LOG = LoggerFactory.getLogger(ChallengeContexts.class);
    private static final ApplicationProtocolConfig ALPN = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ChallengeAnswers.PROTOCOL);

    private final ChallengeAnswers answers;
    // As many as names in the order that is under way: an authority looks at all of them, and from several places.
    private final Map<String, Made> made = new ConcurrentHashMap<>();

    ChallengeContexts(ChallengeAnswers answers) {
        this.answers = answers;
    }

    private record Made(ChallengeAnswers.Shown shown, SslContext context) {}

    /** The context for who says {@code hello}, or null if that is no authority, or asks for nothing that is due. */
    @Nullable
    SslContext of(ClientHello hello) {
        if (!hello.offersFirst(ChallengeAnswers.PROTOCOL)) {
            return null;
        }
        String name = hello.serverName();
        ChallengeAnswers.Shown shown = answers.certificate(name);
        return name == null || shown == null ? null : context(name, shown);
    }

    private @Nullable SslContext context(String name, ChallengeAnswers.Shown shown) {
        Made known = made.get(name);
        if (known == null || !known.shown().equals(shown)) {
            try {
                made.keySet().removeIf(other -> answers.certificate(other) == null);
                // On an event loop, but once for each name and order.
                SslContext context = SslContextBuilder.forServer(shown.key(), shown.certificate())
                        .sslProvider(TlsProvider.chosen())
                        .applicationProtocolConfig(ALPN)
                        .build();
                known = new Made(shown, context);
                made.put(name, known);
            } catch (SSLException unusable) {
                LOG.warn("listen.tls.acme: the certificate of a challenge cannot be shown: {}", unusable.getMessage());
                return null;
            }
        }
        return known.context();
    }

    /** How many are kept. */
    int kept() {
        return made.size();
    }
}
