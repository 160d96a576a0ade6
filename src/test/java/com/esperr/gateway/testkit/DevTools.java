package com.esperr.gateway.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * One connection to a browser's DevTools protocol: commands with their answers, events by session. Thread-safe; events are told on
 * the thread that reads, which they must not hold up.
 */
final class DevTools implements WebSocket.Listener, AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 120;

    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<String, JsonNode>> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final StringBuilder text = new StringBuilder();
    private final Object sending = new Object();
    private WebSocket socket;

    private DevTools() {}

    static DevTools connect(String url) {
        DevTools made = new DevTools();
        made.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(url), made)
                .join();
        return made;
    }

    /** Events of that session go to {@code listener}: the method and its parameters. */
    void listen(String session, BiConsumer<String, JsonNode> listener) {
        sessions.put(session, listener);
    }

    /** Sends one command and waits for its result; {@code session} is empty for the browser itself. */
    JsonNode call(String session, String method, Map<String, ?> parameters) {
        try {
            return send(session, method, parameters).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError(method + " " + parameters + ": " + failed.getCause(), failed);
        } catch (TimeoutException late) {
            throw new AssertionError(method + " " + parameters + ": no answer", late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + method, e);
        }
    }

    private CompletableFuture<JsonNode> send(String session, String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        synchronized (sending) {
            // The next message may only be sent when this one is.
            socket.sendText(message.toString(), true).join();
        }
        return answer;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            String whole = text.toString();
            text.setLength(0);
            received(whole);
        }
        from.request(1);
        return null;
    }

    private void received(String whole) {
        JsonNode message;
        try {
            message = JSON.readTree(whole);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!message.has("id")) {
            BiConsumer<String, JsonNode> listener =
                    sessions.get(message.path("sessionId").asText());
            if (listener != null) {
                listener.accept(message.path("method").asText(), message.path("params"));
            }
            return;
        }
        CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
        if (answer != null && message.has("error")) {
            answer.completeExceptionally(
                    new IllegalStateException(message.path("error").toString()));
        } else if (answer != null) {
            answer.complete(message.path("result"));
        }
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        answers.values().forEach(answer -> answer.completeExceptionally(error));
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        onError(from, new IOException("the browser closed its DevTools: " + status + " " + reason));
        return null;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
