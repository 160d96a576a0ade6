package com.esperr.gateway.acme;

import com.esperr.gateway.testkit.Certificates;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An ACME server that gets as far as its directory and answers everything else as it is told. */
final class BadAuthority implements AutoCloseable {
    private final HttpsServer server;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();

    record Reply(int status, String type, String body, String... fields) {}

    BadAuthority(Path caFile) throws Exception {
        X509Bundle authority = Certificates.authority();
        Certificates.root(authority, caFile);
        KeyManagerFactory keys = Certificates.issued(authority, "localhost").toKeyManagerFactory();
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", this::answer);
        server.start();
        on("/dir", new Reply(200, "application/json", """
                {"newNonce":"%1$s/nonce","newAccount":"%1$s/account","newOrder":"%1$s/order",
                 "revokeCert":"%1$s/revoke","keyChange":"%1$s/key"}""".formatted(url(""))));
        on("/nonce", new Reply(200, "text/plain", ""));
        on("/account", new Reply(201, "application/json", "{\"status\":\"valid\"}", "Location", url("/account/1")));
    }

    String url(String path) {
        return "https://localhost:" + server.getAddress().getPort() + path;
    }

    void on(String path, Reply reply) {
        replies.put(path, reply);
    }

    /** How often somebody wanted an order. */
    int asked() {
        return asked.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        exchange.getRequestBody().readAllBytes();
        if (path.equals("/order")) {
            asked.incrementAndGet();
        }
        Reply reply = replies.getOrDefault(path, new Reply(404, "text/plain", "no"));
        exchange.getResponseHeaders().add("Replay-Nonce", "bm9uY2U");
        exchange.getResponseHeaders().add("Content-Type", reply.type());
        for (int i = 0; i < reply.fields().length; i += 2) {
            exchange.getResponseHeaders().add(reply.fields()[i], reply.fields()[i + 1]);
        }
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
        exchange.sendResponseHeaders(reply.status(), head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
