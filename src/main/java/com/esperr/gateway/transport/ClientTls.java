package com.esperr.gateway.transport;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.net.OriginUrl;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** How TLS is spoken to one service that is called. Thread-safe. */
public final class ClientTls {
    private final SslContext context;
    private final String name;
    private final int port;
    private final long handshakeMillis;

    private ClientTls(SslContext context, String name, int port, Duration handshakeTimeout) {
        this.context = context;
        this.name = name;
        this.port = port;
        this.handshakeMillis = handshakeTimeout.toMillis();
    }

    /**
     * TLS to the service at {@code url}.
     *
     * @throws IllegalArgumentException if a file cannot be used
     */
    public static ClientTls to(OriginUrl url, TlsPeer peer, Duration handshakeTimeout) {
        return to(context(peer), url, peer, handshakeTimeout);
    }

    /**
     * Like {@link #to}; in the handshake the service is offered HTTP/2 before HTTP/1.1 (ALPN, RFC 7301).
     *
     * @throws IllegalArgumentException if a file cannot be used
     */
    public static ClientTls preferringHttp2(OriginUrl url, TlsPeer peer, Duration handshakeTimeout) {
        ApplicationProtocolConfig protocols = new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1);
        return to(context(peer, protocols), url, peer, handshakeTimeout);
    }

    private static ClientTls to(SslContext context, OriginUrl url, TlsPeer peer, Duration handshakeTimeout) {
        String serverName = peer.serverName();
        return new ClientTls(context, serverName == null ? url.host() : serverName, url.port(), handshakeTimeout);
    }

    /** Whether HTTP/2 was agreed on in the handshake of {@code channel}. */
    public static boolean agreedOnHttp2(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler != null && ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol());
    }

    /**
     * TLS 1.2 and 1.3; the certificate must be for the host, unless nothing is to be verified.
     *
     * @throws IllegalArgumentException if a file cannot be used
     */
    static SslContext context(TlsPeer peer) {
        return context(peer, ApplicationProtocolConfig.DISABLED);
    }

    private static SslContext context(TlsPeer peer, ApplicationProtocolConfig protocols) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(TlsProvider.chosen())
                .protocols("TLSv1.3", "TLSv1.2")
                .applicationProtocolConfig(protocols)
                // Netty's own default since 4.2, said here because the API key depends on it.
                .endpointIdentificationAlgorithm(peer.verify() ? "HTTPS" : "");
        Path caFile = peer.caFile();
        Path certificate = peer.certificateFile();
        Path key = peer.keyFile();
        String read = "ca-file: " + caFile;
        String expected = "a PEM file of certificates";
        try {
            if (!peer.verify()) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            } else if (caFile != null) {
                builder.trustManager(caFile.toFile());
            }
            if (certificate != null && key != null) {
                read = "key-file: " + key;
                expected = "the key of " + certificate;
                builder.keyManager(certificate.toFile(), key.toFile());
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(read + ": " + e.getMessage() + " (expected: " + expected + ")", e);
        }
    }

    /** Puts TLS first into the pipeline of a connection that is about to be established. */
    public void install(Channel channel) {
        // Names the host for the check of the certificate, and for SNI.
        SslHandler handler = context.newHandler(channel.alloc(), name, port);
        if (IpAddress.parseOrNull(name) == null) {
            // Netty leaves names without a dot out, such as those of a cluster's own services.
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            handler.engine().setSSLParameters(parameters);
        }
        handler.setHandshakeTimeoutMillis(handshakeMillis);
        channel.pipeline().addFirst("tls", handler);
    }

    /** Tells {@code outcome} on the event loop of a connected channel when it can be used: at once if there is no TLS on it. */
    public static void afterHandshake(Channel channel, Outcome outcome) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null) {
            outcome.done(null);
        } else {
            handler.handshakeFuture().addListener(handshake -> outcome.done(handshake.cause()));
        }
    }

    /** Is told how a handshake ended. */
    public interface Outcome {
        /** The connection is ready, or {@code failure} says why it is not. */
        void done(@Nullable Throwable failure);
    }
}
