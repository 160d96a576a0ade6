package com.esperr.gateway.listen;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS with visitors: the certificates in force and what became of the handshakes. Thread-safe. */
public final class TlsFront {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFront.class);
    private static final int CLIENT_HELLO = 16 * 1024;

    private final ListenTlsConfig config;
    private final LongAdder agreed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder plain = new LongAdder();
    private final LongAdder reloaded = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile TlsContexts contexts;
    private List<String> seen;

    private TlsFront(ListenTlsConfig config) throws IOException {
        this.config = config;
        this.seen = stamps();
        this.contexts = TlsContexts.load(config);
    }

    /**
     * TLS with the certificates of {@code config}.
     *
     * @throws IOException if a file cannot be used
     */
    public static TlsFront open(ListenTlsConfig config) throws IOException {
        return new TlsFront(config);
    }

    /** Puts TLS first into the pipeline of a visitor's connection. */
    public void install(Channel channel) {
        channel.pipeline()
                // before TLS: who speaks HTTP is told so
                .addLast("plain", new PlainOnTls(plain))
                // becomes "tls" as soon as the name is known
                .addLast("sni", new Sni(contexts, config.handshakeTimeout().toMillis()));
    }

    /**
     * Reads the files again if one has changed; what cannot be used leaves the last good ones in force. Always from the same
     * thread, which is not an event loop.
     */
    public void reload() {
        List<String> now = stamps();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            contexts = TlsContexts.load(config);
            reloaded.increment();
            LOG.info("listen.tls: the certificates that changed are in force");
        } catch (IOException unusable) {
            refused.increment();
            LOG.warn("listen.tls: {}; the certificates read before stay in force", unusable.getMessage());
        }
    }

    public void handshake(boolean success) {
        (success ? agreed : failed).increment();
    }

    /** Handshakes that succeeded. */
    public long agreed() {
        return agreed.sum();
    }

    /** Handshakes that did not. */
    public long failed() {
        return failed.sum();
    }

    /** Connections on which something else than TLS was spoken. */
    public long plain() {
        return plain.sum();
    }

    /** How often changed files were put in force. */
    public long reloaded() {
        return reloaded.sum();
    }

    /** How often changed files could not be used. */
    public long refused() {
        return refused.sum();
    }

    private List<String> stamps() {
        List<String> stamps = new ArrayList<>();
        config.certificates().stream()
                .flatMap(files -> Stream.of(files.certificateFile(), files.keyFile()))
                .forEach(file -> stamps.add(stamp(file)));
        return stamps;
    }

    private static String stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file) + " " + file.toRealPath();
        } catch (IOException gone) {
            return "unreadable";
        }
    }

    /** Chooses the certificate by the name that is asked for; confined to the event loop of its connection. */
    private static final class Sni extends SniHandler {
        private final long handshakeMillis;

        Sni(TlsContexts contexts, long handshakeMillis) {
            super(contexts.byName(), CLIENT_HELLO, handshakeMillis);
            this.handshakeMillis = handshakeMillis;
        }

        @Override
        protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
            SslHandler handler = super.newSslHandler(context, allocator);
            handler.setHandshakeTimeoutMillis(handshakeMillis);
            return handler;
        }
    }
}
