package com.esperr.gateway.listen;

import com.esperr.gateway.tls.ClientHello;
import com.esperr.gateway.tls.ClientIdentity;
import com.esperr.gateway.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate by the name that is asked for, and leaves behind what is known of the session when it is agreed on;
 * confined to the event loop of its connection.
 */
final class SniChoice extends SniHandler {
    static final AttributeKey<TlsSession> SESSION = AttributeKey.valueOf("esper.tls-session");
    private static final int CLIENT_HELLO = 16 * 1024;

    private final TlsContexts contexts;
    private final Staples staples;
    private final ChallengeContexts challenges;
    private final boolean certificateWanted;
    private @Nullable ClientHello hello;
    private @Nullable SslContext challenge;

    SniChoice(
            TlsContexts contexts,
            Staples staples,
            ChallengeContexts challenges,
            long handshakeMillis,
            boolean certificateWanted) {
        super(contexts.byName(), CLIENT_HELLO, handshakeMillis);
        this.contexts = contexts;
        this.staples = staples;
        this.challenges = challenges;
        this.certificateWanted = certificateWanted;
    }

    @Override
    protected Future<SslContext> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf message) throws Exception {
        if (message != null) {
            // a view of bytes that stay the caller's; what is kept is copied
            hello = ClientHello.parse(message.nioBuffer());
            challenge = hello == null ? null : challenges.of(hello);
            if (challenge != null) {
                return ctx.executor().newSucceededFuture(challenge);
            }
        }
        return super.lookup(ctx, message);
    }

    @Override
    protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
        SslHandler handler = super.newSslHandler(context, allocator);
        if (context == challenge) {
            // What was shown is all that is said on such a connection (RFC 8737 section 3).
            handler.handshakeFuture().addListener((Future<Channel> handshake) -> {
                if (handshake.isSuccess()) {
                    handshake.getNow().close();
                }
            });
            return handler;
        }
        staple(context, handler);
        handler.setHandshakeTimeoutMillis(handshakeTimeoutMillis);
        handler.handshakeFuture().addListener((Future<Channel> handshake) -> {
            if (handshake.isSuccess()) {
                handshake.getNow().attr(SESSION).set(session(handler.engine().getSession()));
            }
        });
        return handler;
    }

    /** What cannot be a ClientHello is a failure of TLS like others, and no defect of ours. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.fireExceptionCaught(
                cause instanceof TooLongFrameException ? new SSLException(cause.getMessage(), cause) : cause);
    }

    private void staple(SslContext context, SslHandler handler) {
        ShownCertificate shown = contexts.certificate(context);
        byte[] answer = shown == null ? null : staples.of(shown.leaf());
        if (answer != null && handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            engine.setOcspResponse(answer);
        }
    }

    private TlsSession session(SSLSession agreed) {
        return new TlsSession(agreed.getProtocol(), agreed.getCipherSuite(), hello, certificateWanted, client(agreed));
    }

    private @Nullable ClientIdentity client(SSLSession agreed) {
        if (!certificateWanted) {
            return null;
        }
        try {
            return ClientIdentity.of((X509Certificate) agreed.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException none) {
            return null;
        } catch (GeneralSecurityException unreadable) {
            throw new IllegalStateException("a certificate that was verified can be encoded", unreadable);
        }
    }
}
