package com.esperr.gateway.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An application of the JVM as {@code exec} runs it, in a process of its own: listens at the port of the variable PORT, and at TERM
 * finishes its requests. What is asked for says what happens: {@code /exit?3} ends it with 3, {@code /?50} takes 50 ms. What becomes of
 * a request with an id, as {@code /?millis=50&id=7}, it writes to the file of the variable DIARY.
 */
public final class WebApplication {
    private static final int LONGEST_SECONDS = 10;
    private static final Pattern TIMED = Pattern.compile("(?:millis=)?(\\d+)(?:&id=([\\w-]+))?");

    private static final int CALM_LOOKS = 5;
    private static final AtomicInteger UNDER_WAY = new AtomicInteger();

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
        Diary diary = Diary.of(System.getenv("DIARY"));
        server.createContext("/", exchange -> {
            UNDER_WAY.incrementAndGet();
            try {
                answer(exchange, diary);
            } finally {
                UNDER_WAY.decrementAndGet();
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("app got SIGTERM");
            diary.note("closes " + System.currentTimeMillis());
            // Takes no more, and waits for what is under way; of the JDK's own accord, for all of that time even if
            // nothing is.
            Thread end = new Thread(() -> server.stop(LONGEST_SECONDS));
            end.start();
            for (int calm = 0; calm < CALM_LOOKS && end.isAlive(); calm = UNDER_WAY.get() == 0 ? calm + 1 : 0) {
                pause(50);
            }
            diary.cut();
        }));
        server.start();
        System.out.println("app listens");
    }

    private static void answer(HttpExchange exchange, Diary diary) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getQuery();
            exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestURI().getPath().equals("/exit")) {
                Runtime.getRuntime().halt(Integer.parseInt(query));
            }
            Matcher timed = TIMED.matcher(query == null ? "" : query);
            String id = timed.matches() ? timed.group(2) : null;
            diary.took(id);
            if (timed.matches()) {
                pause(Long.parseLong(timed.group(1)));
            }
            byte[] body = ("app " + ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            try {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } catch (IOException gone) {
                diary.left(id, "lost");
                throw gone;
            }
            diary.left(id, "answered");
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** What became of the requests; thread-safe. */
    private record Diary(@Nullable Path file, Set<String> under) {
        static Diary of(@Nullable String file) {
            return new Diary(file == null ? null : Path.of(file), new TreeSet<>());
        }

        synchronized void took(@Nullable String id) {
            if (id != null) {
                under.add(id);
                note("took " + id);
            }
        }

        synchronized void left(@Nullable String id, String how) {
            if (id != null && under.remove(id)) {
                note(how + " " + id);
            }
        }

        synchronized void cut() {
            List.copyOf(under).forEach(id -> left(id, "cut"));
        }

        synchronized void note(String line) {
            try {
                if (file != null) {
                    Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
