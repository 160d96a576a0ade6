package com.esperr.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Collects the body of an answer up to a bound; what is longer is cut and the connection given up. Confined to the threads of the HTTP
 * client, which calls it one at a time.
 */
final class BoundedBody implements BodySubscriber<BoundedBody.Received> {
    /** The longest answer that is read. */
    static final int LONGEST = 64 * 1024;

    private final CompletableFuture<Received> received = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final @Nullable String objection;
    private Flow.@Nullable Subscription subscription;

    private BoundedBody(@Nullable String objection) {
        this.objection = objection;
    }

    /** The start of the body, and what is wrong with all of it, or null. Confined to whoever has it. */
    static final class Received {
        private final byte[] bytes;
        private final @Nullable String objection;

        Received(byte[] bytes, @Nullable String objection) {
            this.bytes = bytes;
            this.objection = objection;
        }

        byte[] bytes() {
            return bytes;
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Nullable
        String objection() {
            return objection;
        }
    }

    /** Makes one collector for each answer. */
    static BodyHandler<Received> handler() {
        return info -> new BoundedBody(objection(info));
    }

    /** What a careful reader does not read: bodies in a coding nobody asked for, or whose end two headers disagree about. */
    private static @Nullable String objection(ResponseInfo info) {
        String coding = info.headers().firstValue("content-encoding").orElse("identity");
        if (!coding.equalsIgnoreCase("identity")) {
            return "answer: in a content coding (expected: none)";
        }
        boolean twoLengths = info.headers().firstValue("content-length").isPresent()
                && info.headers().firstValue("transfer-encoding").isPresent();
        return twoLengths ? "answer: with two lengths (expected: one)" : null;
    }

    @Override
    public CompletionStage<Received> getBody() {
        return received;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            byte[] part = new byte[Math.min(buffer.remaining(), LONGEST + 1 - bytes.size())];
            buffer.get(part);
            bytes.writeBytes(part);
        }
        if (bytes.size() > LONGEST && subscription != null) {
            subscription.cancel();
            received.complete(new Received(
                    bytes.toByteArray(), "answer: longer than " + LONGEST + " bytes (expected: a short one)"));
        }
    }

    @Override
    public void onError(Throwable failure) {
        received.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        received.complete(new Received(bytes.toByteArray(), objection));
    }
}
