package com.esperr.gateway.listen;

import com.esperr.gateway.acme.AcmeCertificate;
import com.esperr.gateway.acme.ChallengeAnswers;
import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.tls.TlsSession;
import com.esperr.gateway.transport.TlsProvider;
import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS with visitors: the certificates in force and what became of the handshakes. Thread-safe. */
public final class TlsFront {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFront.class);

    private final String key;
    private final ListenTlsConfig config;
    private final boolean http2;
    private final LongAdder agreed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder plain = new LongAdder();
    private final LongAdder reloaded = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final @Nullable AcmeCertificate acme;
    private final ChallengeContexts challenges;
    private final Staples staples;
    private volatile Runnable whenChanged = () -> {};
    private final TicketKeys ticketKeys;
    private volatile TlsContexts contexts;
    private volatile @Nullable QuicContexts quic;
    private List<String> seen;

    private TlsFront(
            String key,
            ListenTlsConfig config,
            boolean http2,
            @Nullable AcmeCertificate acme,
            LongSupplier nanos,
            LongSupplier millis)
            throws IOException {
        this.key = key;
        this.config = config;
        this.http2 = http2;
        this.staples = new Staples(key, millis);
        this.acme = acme;
        this.challenges = new ChallengeContexts(acme == null ? new ChallengeAnswers() : acme.answers());
        this.seen = stamps();
        this.ticketKeys = new TicketKeys(config.sessions(), nanos);
        this.contexts = TlsContexts.load(config, http2, ticketKeys.current());
    }

    /**
     * TLS with the certificates of {@code config}, with the time from {@code nanos} and {@code millis}.
     *
     * @param key where {@code config} stands, for messages
     * @param http2 whether visitors may choose HTTP/2
     * @param acme what sees to the last of these certificates, or null if they are all the operator's
     * @throws IOException if a file cannot be used
     */
    public static TlsFront open(
            String key,
            ListenTlsConfig config,
            boolean http2,
            @Nullable AcmeCertificate acme,
            LongSupplier nanos,
            LongSupplier millis)
            throws IOException {
        return new TlsFront(key, config, http2, acme, nanos, millis);
    }

    /** What sees to the last of the certificates, or null. */
    public @Nullable AcmeCertificate acme() {
        return acme;
    }

    /** Puts TLS first into the pipeline of a visitor's connection. */
    public void install(Channel channel) {
        channel.pipeline()
                // before TLS: who speaks HTTP is told so
                .addLast("plain", new PlainOnTls(plain))
                // becomes "tls" as soon as the name is known
                .addLast(
                        "sni",
                        new SniChoice(
                                contexts,
                                staples,
                                challenges,
                                config.handshakeTimeout().toMillis(),
                                config.visitors().asks()));
    }

    /** How many sessions of visitors are remembered. */
    public Fill fill() {
        return Fill.over(Bounded.TLS_SESSIONS, () -> contexts.fills());
    }

    /**
     * Has QUIC show the same certificates.
     *
     * @throws IOException if a file cannot be used; the message names it
     */
    public void openQuic() throws IOException {
        quic = QuicContexts.load(config);
    }

    /** What QUIC shows, as it changes; null if it shows nothing. */
    @Nullable
    QuicContexts quic() {
        return quic;
    }

    /** How long a visitor may take to agree. */
    public Duration handshakeTimeout() {
        return config.handshakeTimeout();
    }

    /** The handshake of a connection of QUIC has succeeded: {@link #session} knows it from now on. */
    public void agreed(QuicChannel channel) {
        SSLEngine engine = channel.sslEngine();
        if (engine != null) {
            SSLSession agreed = engine.getSession();
            // Its first words were read by QUIC, and are not shown.
            channel.attr(SniChoice.SESSION)
                    .set(new TlsSession(agreed.getProtocol(), agreed.getCipherSuite(), null, false, null));
        }
        handshake(true);
    }

    /** What was agreed on with the visitor of that connection, or of the one that a stream belongs to; null before the handshake. */
    public static @Nullable TlsSession session(Channel channel) {
        TlsSession session = channel.attr(SniChoice.SESSION).get();
        return session != null || channel.parent() == null
                ? session
                : channel.parent().attr(SniChoice.SESSION).get();
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
            TlsContexts fresh = TlsContexts.load(config, http2, ticketKeys.current());
            quic = quic == null ? null : QuicContexts.load(config);
            contexts = fresh;
            reloaded.increment();
            whenChanged.run();
            LOG.info("{}: the certificates that changed are in force", key);
        } catch (IOException unusable) {
            refused.increment();
            LOG.warn("{}: {}; the certificates read before stay in force", key, unusable.getMessage());
        }
    }

    /** Replaces the key of tickets if it has encrypted for long enough. Always from the thread of {@link #reload}. */
    public void rotateTicketKeys() {
        if (ticketKeys.due()) {
            try {
                contexts.ticketKeys(ticketKeys.current());
            } catch (IOException unusable) {
                throw new IllegalStateException("keys that are made here need no file", unusable);
            }
        }
    }

    /** Asks authorities what they say about their certificates, where it is time. Blocks; always from the same thread. */
    public void lookForStaples() throws InterruptedException {
        if (config.ocspStapling() && TlsProvider.staples()) {
            staples.look(contexts.certificates());
        }
    }

    /** Answers of authorities that came. */
    public long staplesFetched() {
        return staples.fetched();
    }

    /** Answers of authorities that did not come, or did not count. */
    public long staplesFailed() {
        return staples.failed();
    }

    /** When the certificates that are shown end, by the names they are for. */
    public Map<String, Instant> expiries() {
        Map<String, Instant> ends = new TreeMap<>();
        for (ShownCertificate shown : contexts.certificates()) {
            Instant end = shown.leaf().getNotAfter().toInstant();
            List<String> names = shown.names().isEmpty() ? List.of(shown.label()) : shown.names();
            names.forEach(name -> ends.putIfAbsent(name, end));
        }
        return ends;
    }

    /** {@code task} is run whenever other certificates are shown, on the thread of {@link #reload}. */
    public void whenChanged(Runnable task) {
        whenChanged = task;
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
        config.visitors().files().forEach(file -> stamps.add(stamp(file)));
        Path tickets = config.sessions().ticketKeyFile();
        stamps.add(tickets == null ? "" : stamp(tickets));
        return stamps;
    }

    private static String stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file) + " " + file.toRealPath();
        } catch (IOException gone) {
            return "unreadable";
        }
    }
}
