package com.esperr.gateway.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * An application of the JVM as {@code exec} runs it, in a process of its own: listens at the port of the variable PORT, and at TERM
 * finishes its requests. What is asked for says what happens: {@code /exit?3} ends it with 3, {@code /?50} takes 50 ms.
 */
public final class WebApplication {
    private static final int LONGEST_SECONDS = 10;

    private WebApplication() {}

    /** The command that starts it. */
    public static List<String> command() {
        return List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                classes().toString(),
                WebApplication.class.getName());
    }

    private static Path classes() {
        return Path.of(URI.create(WebApplication.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv("PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        server.setExecutor(threads);
        server.createContext("/", WebApplication::answer);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("app got SIGTERM");
            // Takes no more, and waits for what is under way.
            server.stop(LONGEST_SECONDS);
            threads.shutdown();
        }));
        server.start();
        System.out.println("app listens");
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getQuery();
            exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestURI().getPath().equals("/exit")) {
                Runtime.getRuntime().halt(Integer.parseInt(query));
            }
            if (query != null) {
                pause(Long.parseLong(query.replace("millis=", "")));
            }
            byte[] body = ("app " + ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
