package com.esperr.gateway.listen;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.transport.CertificateFiles;
import com.esperr.gateway.transport.TlsProvider;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionStats;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.Mapping;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificates of the listener as they were read, by the names they are for. Immutable but for the keys of tickets. */
final class TlsContexts {
    private static final ApplicationProtocolConfig HTTP_1 = agreeing(ApplicationProtocolNames.HTTP_1_1);
    private static final ApplicationProtocolConfig HTTP_2_OR_1 =
            agreeing(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);

    private final List<ShownCertificate> certificates;
    private final List<SslContext> contexts;
    private final Mapping<String, SslContext> byName;

    private TlsContexts(List<ShownCertificate> certificates, List<SslContext> contexts) {
        this.certificates = certificates;
        this.contexts = contexts;
        this.byName = NamedContexts.of(certificates, contexts);
    }

    /**
     * Reads all files.
     *
     * @throws IOException if one cannot be used; the message names it
     */
    static TlsContexts load(ListenTlsConfig config, boolean http2, OpenSslSessionTicketKey[] ticketKeys)
            throws IOException {
        List<ShownCertificate> certificates = new ArrayList<>();
        List<SslContext> contexts = new ArrayList<>();
        for (CertificateFiles files : config.certificates()) {
            certificates.add(ShownCertificate.read(files));
            contexts.add(context(config, http2, files));
        }
        TlsContexts loaded = new TlsContexts(List.copyOf(certificates), List.copyOf(contexts));
        loaded.ticketKeys(ticketKeys);
        return loaded;
    }

    /** The context for a name that was asked for, or the first one. */
    Mapping<String, SslContext> byName() {
        return byName;
    }

    /** What is shown. */
    List<ShownCertificate> certificates() {
        return certificates;
    }

    /** What {@code context} shows, or null if it is none of these. */
    @Nullable
    ShownCertificate certificate(SslContext context) {
        int index = contexts.indexOf(context);
        return index < 0 ? null : certificates.get(index);
    }

    /** From now on tickets are encrypted with the first of these, and understood with any. */
    void ticketKeys(OpenSslSessionTicketKey[] keys) {
        for (SslContext context : contexts) {
            if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
                sessions.setTicketKeys(keys);
            }
        }
    }

    /** How many sessions are remembered; with the JDK's TLS nobody counts them. */
    List<Fill> fills() {
        List<Fill> fills = new ArrayList<>();
        for (SslContext context : contexts) {
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                OpenSslSessionStats stats = sessions.stats();
                fills.add(
                        Fill.of(Bounded.TLS_SESSIONS, stats::number, sessions.getSessionCacheSize(), stats::cacheFull));
            }
        }
        return fills;
    }

    private static ApplicationProtocolConfig agreeing(String... protocols) {
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                protocols);
    }

    private static SslContext context(ListenTlsConfig config, boolean http2, CertificateFiles files)
            throws IOException {
        if (!files.match()) {
            throw new IOException(files.keyFile() + " is not the key of " + files.certificateFile());
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            files.certificateFile().toFile(), files.keyFile().toFile())
                    .sslProvider(TlsProvider.chosen())
                    .protocols(config.protocols().stream()
                            .map(ListenTlsConfig.Protocol::text)
                            .toList())
                    .ciphers(config.ciphers(), SupportedCipherSuiteFilter.INSTANCE)
                    .sessionCacheSize(config.sessions().cache())
                    .sessionTimeout(config.sessions().timeout().toSeconds())
                    .applicationProtocolConfig(http2 ? HTTP_2_OR_1 : HTTP_1);
            if (config.ocspStapling() && TlsProvider.staples()) {
                builder.enableOcsp(true);
            }
            if (config.visitors().asks()) {
                builder.clientAuth(config.visitors().mode().netty())
                        .trustManager(config.visitors().trust());
            }
            SslContext context = builder.build();
            if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
                sessions.setSessionIdContext(config.visitors().digest());
            }
            return context;
        } catch (IOException | IllegalArgumentException | GeneralSecurityException unusable) {
            throw new IOException(files.certificateFile() + ": " + unusable.getMessage(), unusable);
        }
    }
}
