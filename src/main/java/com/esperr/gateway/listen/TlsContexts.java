package com.esperr.gateway.listen;

import com.esperr.gateway.transport.CertificateFiles;
import com.esperr.gateway.transport.TlsProvider;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** The certificates of the listener as they were read, by the names they are for. Immutable. */
final class TlsContexts {
    private static final int DNS_NAME = 2;
    /** Forward secrecy and authenticated encryption only, which every client of the last ten years speaks. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final ApplicationProtocolConfig ALPN = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            "http/1.1");

    private final Mapping<String, SslContext> byName;

    private TlsContexts(Mapping<String, SslContext> byName) {
        this.byName = byName;
    }

    /**
     * Reads all files.
     *
     * @throws IOException if one cannot be used; the message names it
     */
    static TlsContexts load(ListenTlsConfig config) throws IOException {
        OpenSslSessionTicketKey ticketKey = ticketKey();
        List<SslContext> contexts = new ArrayList<>();
        for (CertificateFiles files : config.certificates()) {
            contexts.add(context(config, files, ticketKey));
        }
        DomainWildcardMappingBuilder<SslContext> names = new DomainWildcardMappingBuilder<>(contexts.get(0));
        // Backwards, as the first certificate for a name is the one to show.
        for (int i = contexts.size() - 1; i >= 0; i--) {
            for (String name : names(config.certificates().get(i))) {
                names.add(name, contexts.get(i));
            }
        }
        return new TlsContexts(names.build());
    }

    /** The context for a name that was asked for, or the first one. */
    Mapping<String, SslContext> byName() {
        return byName;
    }

    private static SslContext context(ListenTlsConfig config, CertificateFiles files, OpenSslSessionTicketKey ticketKey)
            throws IOException {
        if (!files.match()) {
            throw new IOException(files.keyFile() + " is not the key of " + files.certificateFile());
        }
        try {
            SslContext context = SslContextBuilder.forServer(
                            files.certificateFile().toFile(), files.keyFile().toFile())
                    .sslProvider(TlsProvider.chosen())
                    .protocols(config.protocols().stream()
                            .map(ListenTlsConfig.Protocol::text)
                            .toList())
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(ALPN)
                    .build();
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setTicketKeys(ticketKey);
            }
            return context;
        } catch (IOException | IllegalArgumentException unusable) {
            throw new IOException(files.certificateFile() + ": " + unusable.getMessage(), unusable);
        }
    }

    /** One for all certificates, so that a session is resumed whichever of them began it; new with every reading. */
    private static OpenSslSessionTicketKey ticketKey() {
        byte[] random = new byte[OpenSslSessionTicketKey.TICKET_KEY_SIZE];
        new SecureRandom().nextBytes(random);
        int hmac = OpenSslSessionTicketKey.NAME_SIZE;
        int aes = hmac + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(
                Arrays.copyOfRange(random, 0, hmac),
                Arrays.copyOfRange(random, hmac, aes),
                Arrays.copyOfRange(random, aes, random.length));
    }

    private static List<String> names(CertificateFiles files) throws IOException {
        try (InputStream in = Files.newInputStream(files.certificateFile())) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            List<String> names = new ArrayList<>();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (Integer.valueOf(DNS_NAME).equals(alternative.get(0))) {
                        names.add(String.valueOf(alternative.get(1)));
                    }
                }
            }
            return names;
        } catch (GeneralSecurityException unusable) {
            throw new IOException(files.certificateFile() + ": " + unusable.getMessage(), unusable);
        }
    }
}
