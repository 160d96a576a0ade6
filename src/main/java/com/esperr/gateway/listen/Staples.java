package com.esperr.gateway.listen;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What authorities say about the certificates that are shown, for visitors who want to know (RFC 6066 section 8): from a file
 * beside the certificate where there is one, which somebody else keeps fresh, or from the authority. {@link #look} does that, blocks, and is confined to a thread of its own; all else is thread-safe.
 */
final class Staples {
    private static final Logger LOG = LoggerFactory.getLogger(Staples.class);
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMinutes(5);
    private static final int LONGEST = 64 * 1024;
    private static final String MUST_STAPLE = "1.3.6.1.5.5.7.1.24";

    private final String key;
    private final LongSupplier millis;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CALL)
            .build();
    private final Map<X509Certificate, OcspAnswer> answers = new ConcurrentHashMap<>();
    // Of this thread only, and no more of them than certificates.
    private final Map<X509Certificate, Instant> nextLook = new ConcurrentHashMap<>();
    private final Map<X509Certificate, String> filesRead = new ConcurrentHashMap<>();
    private final LongAdder fetched = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Asks for whoever is configured under {@code key}. */
    Staples(String key, LongSupplier millis) {
        this.key = key;
        this.millis = millis;
    }

    /** What is stapled for {@code certificate} now, or null; not to be changed. */
    byte @Nullable [] of(X509Certificate certificate) {
        OcspAnswer answer = answers.get(certificate);
        return answer == null || answer.until().toEpochMilli() <= millis.getAsLong() ? null : answer.response();
    }

    /** How many answers came. */
    long fetched() {
        return fetched.sum();
    }

    /** How many did not. */
    long failed() {
        return failed.sum();
    }

    /** Asks about those of {@code shown} for which it is time, and forgets the others that were shown before. */
    void look(List<ShownCertificate> shown) throws InterruptedException {
        List<X509Certificate> leaves =
                shown.stream().map(ShownCertificate::leaf).toList();
        answers.keySet().retainAll(leaves);
        nextLook.keySet().retainAll(leaves);
        filesRead.keySet().retainAll(leaves);
        Instant now = Instant.ofEpochMilli(millis.getAsLong());
        for (ShownCertificate certificate : shown) {
            String stamp = stamp(certificate.ocspFile());
            if (stamp != null) {
                if (!stamp.equals(filesRead.put(certificate.leaf(), stamp))) {
                    read(certificate, now);
                }
            } else if (!now.isBefore(nextLook.getOrDefault(certificate.leaf(), Instant.MIN))) {
                nextLook.put(certificate.leaf(), ask(certificate, now));
            }
        }
    }

    /** Which file is there, or null if there is none and the authority is to be asked. */
    private static @Nullable String stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file) + " " + file.toRealPath();
        } catch (IOException none) {
            return null;
        }
    }

    /** Takes what somebody else has fetched; if it does not count, the one before stays as long as it does. */
    private void read(ShownCertificate certificate, Instant now) {
        Path file = certificate.ocspFile();
        try (InputStream in = Files.newInputStream(file)) {
            if (certificate.chain().size() < 2) {
                throw new IOException("no issuer in " + certificate.files().certificateFile());
            }
            OcspAnswer answer = OcspAnswer.read(
                    in.readNBytes(LONGEST),
                    certificate.leaf(),
                    certificate.chain().get(1),
                    now);
            answers.put(certificate.leaf(), answer);
            fetched.increment();
            LOG.info("{}.ocsp-stapling: {} is shown until {}", key, file, answer.until());
        } catch (IOException | IllegalArgumentException unusable) {
            failed.increment();
            LOG.warn("{}.ocsp-stapling: {} is not used: {}", key, file, unusable.toString());
        }
    }

    /** Asks once; answers when to ask again. */
    private Instant ask(ShownCertificate certificate, Instant now) throws InterruptedException {
        String responder = "its authority";
        try {
            String named = OcspAnswer.responder(certificate.leaf());
            if (named == null || certificate.chain().size() < 2) {
                LOG.info(
                        "{}.ocsp-stapling: nothing for {}: its certificate names no responder, or its file has no issuer",
                        key,
                        certificate.label());
                return Instant.MAX;
            }
            responder = named;
            OcspAnswer answer = fetch(responder, certificate, now);
            answers.put(certificate.leaf(), answer);
            fetched.increment();
            return answer.refresh().isAfter(now.plus(RETRY)) ? answer.refresh() : now.plus(RETRY);
        } catch (IOException | IllegalArgumentException unusable) {
            failed.increment();
            boolean demanded = certificate.leaf().getExtensionValue(MUST_STAPLE) != null;
            LOG.warn(
                    "{}.ocsp-stapling: {} for {}: {}; {}",
                    key,
                    responder,
                    certificate.label(),
                    unusable.toString(),
                    demanded
                            ? "the certificate demands an answer, visitors will refuse it without one"
                            : "visitors have to ask themselves");
            return now.plus(RETRY);
        }
    }

    private OcspAnswer fetch(String responder, ShownCertificate certificate, Instant now)
            throws IOException, InterruptedException {
        X509Certificate issuer = certificate.chain().get(1);
        HttpRequest question = HttpRequest.newBuilder(URI.create(responder))
                .timeout(CALL)
                .header("Content-Type", "application/ocsp-request")
                .POST(HttpRequest.BodyPublishers.ofByteArray(OcspAnswer.question(certificate.leaf(), issuer)))
                .build();
        HttpResponse<InputStream> reply = client.send(question, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = reply.body()) {
            byte[] bytes = body.readNBytes(LONGEST);
            if (reply.statusCode() != 200) {
                throw new IOException("status " + reply.statusCode());
            }
            return OcspAnswer.read(bytes, certificate.leaf(), issuer, now);
        }
    }
}
