package com.esperr.gateway.cli;

import com.esperr.gateway.admin.AdminConfig;
import com.esperr.gateway.admin.OperatorToken;
import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.net.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The operator port of a running gateway, as the configuration names it. Confined to the main thread. */
final class OperatorPort {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK_END = 300;

    private final PrintWriter out;
    private final PrintWriter err;
    private final @Nullable Path file;
    private final Loaded<GatewayConfig> loaded;

    OperatorPort(CommandSpec spec, ConfigOptions options) {
        this.out = spec.commandLine().getOut();
        this.err = spec.commandLine().getErr();
        // Of the configuration only the operator port is looked at: the rest, such as the key, need not be there.
        this.file = options.path(System.getenv());
        this.loaded = options.load(System.getenv(), Map.of());
    }

    /**
     * Asks, and prints what is answered; the exit code.
     *
     * @param method GET, POST or DELETE
     * @param target the path and query
     * @param body for a POST, else null
     */
    int ask(String method, String target, @Nullable String body) throws InterruptedException {
        try {
            return answered(method, target, body);
        } finally {
            out.flush();
            err.flush();
        }
    }

    private int answered(String method, String target, @Nullable String body) throws InterruptedException {
        if (file != null && !Files.exists(file)) {
            // The default port may be that of another gateway.
            err.println(file + ": no such file (expected: a readable HOCON file)");
            return Running.WRONG;
        }
        GatewayConfig sketch = loaded.sketch();
        if (sketch == null) {
            loaded.problems().forEach(err::println);
            return Running.WRONG;
        }
        HostPort admin = sketch.admin().address();
        if (admin == null) {
            err.println("admin.address: empty (expected: the operator port of the gateway)");
            return Running.WRONG;
        }
        String host = admin.anyHost() ? "127.0.0.1" : admin.bracketedHost();
        try {
            HttpResponse<String> response =
                    send(URI.create("http://" + host + ":" + admin.port() + target), method, body, sketch.admin());
            if (response.headers().firstValue("Content-Type").orElse("").startsWith("text/html")) {
                // No answer to a command is a page: somebody else listens there.
                err.println(admin + ": answered " + response.statusCode()
                        + " with a page (expected: the operator port of a gateway, admin.address)");
                return Running.FAILED;
            }
            return print(response);
        } catch (IOException failed) {
            err.println("operator port " + admin + ": " + message(failed) + " (expected: a running gateway)");
            return Running.FAILED;
        }
    }

    /** What went wrong, in words: the JDK's client says nothing about a connection that is refused. */
    static String message(IOException failed) {
        if (failed instanceof ConnectException) {
            return "cannot be connected to";
        }
        return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    }

    private int print(HttpResponse<String> response) {
        if (response.statusCode() < OK_END) {
            out.print(response.body());
            return 0;
        }
        err.print(response.body());
        return Running.FAILED;
    }

    private static HttpResponse<String> send(URI uri, String method, @Nullable String body, AdminConfig admin)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!method.equals("GET")) {
            request.header("X-Esper-Operator", user());
        }
        authorize(request, admin);
        return HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Shows the token where the configuration has one. */
    static void authorize(HttpRequest.Builder request, AdminConfig admin) {
        OperatorToken token = admin.token();
        if (token != null) {
            request.header("Authorization", "Bearer " + token.text());
        }
    }

    private static String user() {
        String name = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._@-]", "_");
        return name.matches("[A-Za-z0-9].{0,63}") ? name : "operator";
    }
}
