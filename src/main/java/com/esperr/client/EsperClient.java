package com.esperr.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * A client of Esper's API: asks what to do with a request, tells what happened, verifies proofs of challenges. Thread-safe; an
 * application needs one. Each call comes in two forms: one waits and throws {@link EsperException}, the other returns a future that ends
 * with the same exception and whose {@code cancel} aborts the call. Calls that fail on the way, or with 429, 502, 503 or 504, are tried
 * again after growing pauses under the same idempotency key. How many calls are under way at once is up to the application. It logs
 * nothing.
 */
public final class EsperClient implements AutoCloseable {
    private final Settings settings;
    private final HttpClient http;
    private final Timing timing;
    private final CallWriter writer;
    private final Usage usage = new Usage();
    private final Set<Call<?>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    EsperClient(Settings settings, HttpClient http, Timing timing) {
        this.settings = settings;
        this.http = http;
        this.timing = timing;
        this.writer = new CallWriter(settings, timing);
    }

    /** A builder of a client. */
    public static EsperClientBuilder builder() {
        return new EsperClientBuilder(System.getenv());
    }

    /**
     * Asks what to do with a request.
     *
     * @throws EsperException if there is no answer; then it is for the application to decide what happens
     * @throws CancellationException if this thread is interrupted or the client closed meanwhile
     */
    public MitigationResult checkMitigation(MitigationRequest request) {
        return await(checkMitigationAsync(request));
    }

    /** Asks what to do with a request, without waiting. */
    public CompletableFuture<MitigationResult> checkMitigationAsync(MitigationRequest request) {
        Objects.requireNonNull(request, "request");
        return start(
                "/runtime/mitigation",
                () -> writer.mitigation(request),
                new MitigationReader(settings, request.returnUrl()));
    }

    /**
     * Tells Esper what happened.
     *
     * @throws EsperException if Esper has not taken the event
     * @throws CancellationException if this thread is interrupted or the client closed meanwhile
     */
    public BeaconReceipt sendBeaconEvent(BeaconEvent event) {
        return await(sendBeaconEventAsync(event));
    }

    /** Tells Esper what happened, without waiting. */
    public CompletableFuture<BeaconReceipt> sendBeaconEventAsync(BeaconEvent event) {
        Objects.requireNonNull(event, "event");
        return start("/beacon/event", () -> writer.event(event), new ReceiptReader(settings.apiKey()));
    }

    /**
     * Asks whether the proof that a visitor has brought back from a challenge, in the query parameter {@code esper_challenge_proof}, is
     * valid. A proof that Esper refuses, or says nothing about, is not.
     *
     * @throws EsperException if there is no answer; the proof is then neither valid nor invalid
     * @throws CancellationException if this thread is interrupted or the client closed meanwhile
     */
    public ProofVerification verifyChallenge(String proofToken) {
        return await(verifyChallengeAsync(proofToken));
    }

    /** Asks whether a proof is valid, without waiting. */
    public CompletableFuture<ProofVerification> verifyChallengeAsync(String proofToken) {
        return start(
                "/challenge/proof/verify", () -> writer.proof(proofToken), new VerificationReader(settings, timing));
    }

    /** What this client has done since it was built. */
    public EsperStats stats() {
        return usage.snapshot();
    }

    /** Cancels the calls under way and takes no more. An HTTP client that was handed in stays open. */
    @Override
    public void close() {
        closed = true;
        underWay.forEach(Call::cancel);
    }

    /** Where it calls; never the key. */
    @Override
    public String toString() {
        return "EsperClient[" + settings.endpoint() + "]";
    }

    private <T> CompletableFuture<T> start(String path, Supplier<byte[]> body, AnswerReader<T> reader) {
        if (closed) {
            throw new IllegalStateException("client: closed (expected: open)");
        }
        byte[] content;
        try {
            content = body.get();
        } catch (EsperValidationException e) {
            usage.began();
            usage.ended(e, 0);
            return CompletableFuture.failedFuture(e);
        }
        Call<T> call = new Call<>(http, request(path, content), reader, settings, timing, usage);
        underWay.add(call);
        CompletableFuture<T> result = call.start(() -> underWay.remove(call));
        if (closed) {
            // It closed between the first look and the entry in the list.
            call.cancel();
        }
        return result;
    }

    private HttpRequest request(String path, byte[] content) {
        URI uri = URI.create(settings.endpoint() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("User-Agent", "esper-java")
                .header("x-esper-api-key", settings.apiKey().text())
                .POST(HttpRequest.BodyPublishers.ofByteArray(content));
        if (uri.getScheme().equals("http")) {
            // Else the JDK would offer HTTP/2 in a header that a strict server need not like.
            request.version(HttpClient.Version.HTTP_1_1);
        }
        return request.build();
    }

    private static <T> T await(CompletableFuture<T> call) {
        try {
            return call.get();
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for Esper");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EsperException failure) {
                // The stack of whoever called, not of the thread on which the answer came.
                failure.fillInStackTrace();
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
