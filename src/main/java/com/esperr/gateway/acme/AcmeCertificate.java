package com.esperr.gateway.acme;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate that is asked for when there is none yet and renewed before it ends; the listener finds it in its files.
 * {@link #look} is confined to a thread of its own and blocks, all else is thread-safe.
 */
public final class AcmeCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(AcmeCertificate.class);

    private final AcmeConfig config;
    private final AcmeStore store;
    private final LongSupplier millis;
    private final DoubleSupplier random;
    private final ChallengeAnswers answers = new ChallengeAnswers();
    private final LongAdder obtained = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private int failuresInARow;
    private long notBefore = Long.MIN_VALUE;

    private AcmeCertificate(AcmeConfig config, LongSupplier millis, DoubleSupplier random) {
        this.config = config;
        this.store = new AcmeStore(config);
        this.millis = millis;
        this.random = random;
    }

    /**
     * The certificate of {@code config}, which the first {@link #look} asks for; until then there is one that nobody trusts.
     *
     * @param millis the time, epoch milliseconds
     * @param random uniform in [0, 1)
     * @throws IOException if the storage cannot be used
     */
    public static AcmeCertificate open(AcmeConfig config, LongSupplier millis, DoubleSupplier random)
            throws IOException {
        AcmeCertificate certificate = new AcmeCertificate(config, millis, random);
        try {
            certificate.store.prepare(config.domains(), millis.getAsLong());
        } catch (IOException unusable) {
            throw new IOException(
                    "listen.tls.acme.storage: " + config.storage() + " cannot be used: " + unusable
                            + " (expected: a directory that can be written)",
                    unusable);
        }
        return certificate;
    }

    /** What the authority finds when it looks. */
    public ChallengeAnswers answers() {
        return answers;
    }

    /** How many certificates came. */
    public long obtained() {
        return obtained.sum();
    }

    /** How many orders came to nothing. */
    public long failed() {
        return failed.sum();
    }

    /** Renews the certificate if it is time; answers whether there is a new one. */
    public boolean look() throws InterruptedException {
        long now = millis.getAsLong();
        try {
            if (now < notBefore || !due(now)) {
                return false;
            }
            LOG.info("listen.tls.acme: asking {} for a certificate for {}", config.directory(), config.domains());
            KeyPair key = store.siteKey();
            List<X509Certificate> chain = new AcmeOrder(config, answers, millis).fulfil(store.accountKey(), key);
            store.write(chain);
            obtained.increment();
            failuresInARow = 0;
            LOG.info(
                    "listen.tls.acme: a certificate came, good until {}",
                    chain.get(0).getNotAfter().toInstant());
            return true;
        } catch (AcmeException | IOException | RuntimeException failure) {
            failed.increment();
            failuresInARow++;
            postpone(now, failure);
            return false;
        }
    }

    private void postpone(long now, Exception failure) {
        // Half of the time at least: authorities count attempts.
        long wait = config.retry().nanos(failuresInARow, () -> (1 + random.getAsDouble()) / 2) / 1_000_000;
        notBefore = now + wait;
        if (failure instanceof AcmeRateLimitedException limited
                && limited.getRetryAfter().isPresent()) {
            notBefore = Math.max(notBefore, limited.getRetryAfter().get().toEpochMilli());
        }
        LOG.warn(
                "listen.tls.acme: no certificate came: {}; {} is asked again after {}",
                said(failure),
                config.directory(),
                Instant.ofEpochMilli(notBefore));
    }

    private static String said(Exception failure) {
        Throwable cause = failure.getCause();
        return failure.getMessage() + (cause == null ? "" : " (" + cause + ")");
    }

    /** Whether what is there is nobody's, for other names, or near its end. */
    private boolean due(long now) throws IOException {
        X509Certificate certificate = store.certificate();
        if (certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())
                || !names(certificate).equals(new HashSet<>(config.domains()))) {
            return true;
        }
        long end = certificate.getNotAfter().toInstant().toEpochMilli();
        // One that lives for a week is not renewed all the time because of a wish that was meant for longer ones.
        long half = (end - certificate.getNotBefore().toInstant().toEpochMilli()) / 2;
        return now >= end - Math.min(half, config.renewBefore().toMillis());
    }

    private static Set<String> names(X509Certificate certificate) {
        Set<String> names = new HashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.forEach(name -> names.add(String.valueOf(name.get(1))));
            }
            return names;
        } catch (GeneralSecurityException unreadable) {
            return names;
        }
    }
}
