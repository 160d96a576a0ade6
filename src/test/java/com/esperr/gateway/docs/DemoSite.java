package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.GatewayProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demonstration on free ports, for the commands of a document to be given to. Not thread-safe. */
final class DemoSite implements AutoCloseable {
    private static final Pattern LISTENING =
            Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+).*operator port (\\d+)");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final GatewayProcess process;
    private final String site;
    private final String operators;

    private DemoSite(GatewayProcess process, String site, String operators) {
        this.process = process;
        this.site = site;
        this.operators = operators;
    }

    static DemoSite start() {
        GatewayProcess process = GatewayProcess.start("demo", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0");
        Matcher ports = LISTENING.matcher(
                process.awaitLine(line -> LISTENING.matcher(line).find()));
        assertThat(ports.find()).isTrue();
        process.awaitLine(line -> line.contains("Ctrl-C ends the demo"));
        DemoSite demo = new DemoSite(process, "127.0.0.1:" + ports.group(1), "127.0.0.1:" + ports.group(2));
        // Before anybody has asked for a page, so that readiness does not rest on a connection of theirs.
        await().atMost(Duration.ofSeconds(30)).until(() -> get("http://" + demo.operators + "/readyz") == 200);
        return demo;
    }

    /** Where its operator port is. */
    String operators() {
        return operators;
    }

    /** What it has printed. */
    List<String> lines() {
        return process.lines();
    }

    /** The line of its access log, when it is there, of a request that this class sent and that was answered so. */
    String awaitLine(int status) {
        return process.awaitLine(text -> text.contains("\"reader\"") && text.contains("\"status\":" + status));
    }

    /** The command with these ports in place of those that documents name. */
    String here(String command) {
        return command.replace("127.0.0.1:8080", site).replace("127.0.0.1:9901", operators);
    }

    /** The status of a page of the site. */
    int status(String path) throws IOException, InterruptedException {
        return get("http://" + site + path);
    }

    private static int get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("User-Agent", "reader")
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** What the command prints, with these ports. */
    String shell(String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", here(command))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream output = shell.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(shell.waitFor(60, TimeUnit.SECONDS)).as(command).isTrue();
            return text;
        } finally {
            shell.destroyForcibly();
        }
    }

    @Override
    public void close() {
        try (process) {
            process.terminate();
            assertThat(process.awaitExit()).isZero();
        }
    }
}
