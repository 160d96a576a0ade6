package com.esperr.gateway.tracing;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A collector of traces on loopback: takes OTLP over HTTP and reads its protobuf (opentelemetry-proto 1.x, by field number). Thread-safe.
 */
final class TestCollector implements AutoCloseable {
    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    /** One span as it stood on the wire; a parent of none is empty. */
    record Span(
            String service,
            String traceId,
            String spanId,
            String parentId,
            String name,
            long kind,
            long start,
            long end,
            long status,
            Map<String, Object> attributes) {
        String text(String attribute) {
            return String.valueOf(attributes.get(attribute));
        }
    }

    TestCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    void answer(int other) {
        status = other;
    }

    List<Span> spans() {
        return spans;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (status == 200) {
            read(UnknownFieldSet.parseFrom(body));
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private void read(UnknownFieldSet request) throws IOException {
        for (UnknownFieldSet resource : messages(request, 1)) {
            Map<String, Object> about = attributes(messages(resource, 1).get(0), 1);
            for (UnknownFieldSet scope : messages(resource, 2)) {
                for (UnknownFieldSet span : messages(scope, 2)) {
                    spans.add(span(String.valueOf(about.get("service.name")), span));
                }
            }
        }
    }

    private static Span span(String service, UnknownFieldSet span) throws IOException {
        List<UnknownFieldSet> status = messages(span, 15);
        return new Span(
                service,
                hex(span, 1),
                hex(span, 2),
                hex(span, 4),
                text(span, 5),
                number(span, 6),
                span.getField(7).getFixed64List().get(0),
                span.getField(8).getFixed64List().get(0),
                status.isEmpty() ? 0 : number(status.get(0), 3),
                attributes(span, 9));
    }

    private static Map<String, Object> attributes(UnknownFieldSet message, int field) throws IOException {
        Map<String, Object> all = new HashMap<>();
        for (UnknownFieldSet pair : messages(message, field)) {
            UnknownFieldSet value = messages(pair, 2).get(0);
            Object shown =
                    value.hasField(1) ? text(value, 1) : value.hasField(2) ? number(value, 2) != 0 : number(value, 3);
            all.put(text(pair, 1), shown);
        }
        return all;
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field) throws IOException {
        List<UnknownFieldSet> all = new CopyOnWriteArrayList<>();
        for (ByteString bytes : message.getField(field).getLengthDelimitedList()) {
            all.add(UnknownFieldSet.parseFrom(bytes));
        }
        return all;
    }

    private static String text(UnknownFieldSet message, int field) {
        List<ByteString> values = message.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? "" : values.get(0).toStringUtf8();
    }

    private static String hex(UnknownFieldSet message, int field) {
        List<ByteString> values = message.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? "" : HexFormat.of().formatHex(values.get(0).toByteArray());
    }

    private static long number(UnknownFieldSet message, int field) {
        List<Long> values = message.getField(field).getVarintList();
        return values.isEmpty() ? 0 : values.get(0);
    }
}
