package com.esperr.gateway.transport;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.net.OriginUrl;
import com.esperr.gateway.transport.TransportConfig.Transport;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One client on one event loop of its own, called from a test's thread. Thread-safe. */
final class LoopCaller implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EventLoops loops = EventLoops.start(new TransportConfig(Transport.AUTO, 1));
    private final EventLoop loop = loops.group().next();
    private final HttpClient client;

    LoopCaller(HttpClientConfig config) {
        client = new HttpClient(config, loops, System::nanoTime);
    }

    static LoopCaller to(String url) {
        return new LoopCaller(config(url, 4, 4, null));
    }

    static HttpClientConfig config(String url, int maxConnections, int maxWaiting, @Nullable Path caFile) {
        return new HttpClientConfig(
                OriginUrl.parse(url),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                maxConnections,
                maxWaiting,
                1000,
                caFile);
    }

    HttpClient client() {
        return client;
    }

    /** An answer's text, or what went wrong. */
    record Outcome(
            int status,
            @Nullable Fields fields,
            String body,
            @Nullable CallFailure failure) {
        CallFailure.@Nullable Kind kind() {
            return failure == null ? null : failure.kind();
        }
    }

    Outcome call(String body) {
        return await(begin(body, PATIENCE).outcome);
    }

    Call begin(String body, Duration budget) {
        return begin(out -> out.write(body.getBytes(StandardCharsets.UTF_8)), budget);
    }

    Call begin(BodyWriter body, Duration budget) {
        Call call = new Call();
        PreparedCall prepared = client.prepare(
                "POST", "/ask", Fields.builder(1).add("X-Kind", "question").build());
        loop.execute(() -> call.handle = client.call(prepared, body, System.nanoTime() + budget.toNanos(), call));
        return call;
    }

    /** Runs on the loop and waits for it. */
    void onLoop(Runnable task) {
        await(CompletableFuture.runAsync(task, loop));
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new AssertionError("no outcome", e);
        }
    }

    @Override
    public void close() {
        client.close();
        loops.close();
    }

    /** A call under way; completing it twice is an error of the client. */
    static final class Call implements HttpCallback {
        final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        volatile @Nullable CallHandle handle;

        @Override
        public void answered(int status, Fields fields, byte[] body) {
            complete(new Outcome(status, fields, new String(body, StandardCharsets.UTF_8), null));
        }

        @Override
        public void failed(CallFailure failure) {
            complete(new Outcome(0, null, "", failure));
        }

        private void complete(Outcome result) {
            if (!outcome.complete(result)) {
                throw new IllegalStateException("second outcome: " + result);
            }
        }
    }
}
