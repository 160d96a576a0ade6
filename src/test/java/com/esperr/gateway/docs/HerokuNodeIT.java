package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.FreePort;
import com.esperr.gateway.testkit.Peers;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe for Heroku, its Procfile run as a dyno runs it, with a router of the test's in front. */
class HerokuNodeIT {
    private static final Path RECIPE = Path.of("docs/platforms/heroku");
    private static final String SERVER = """
            const http = require('node:http');
            const server = http.createServer((req, res) => res.end(`${req.url} for ${req.headers['x-forwarded-for']}\\n`));
            server.listen(process.env.PORT, '127.0.0.1');
            process.on('SIGTERM', () => server.close());
            """;

    private final HttpClient router = HttpClient.newHttpClient();

    @TempDir
    private Path slug;

    private void deploy() throws IOException {
        Path jar = Path.of(System.getProperty("gateway.jar", "target/esper-gateway.jar"))
                .toAbsolutePath();
        Path esper = Files.createDirectory(slug.resolve("esper"));
        Files.copy(jar, esper.resolve("esper-gateway.jar"));
        Files.createSymbolicLink(esper.resolve("lib"), jar.resolveSibling("lib"));
        Files.copy(Path.of("conf/policies/starter.conf"), esper.resolve("starter.conf"));
        for (String file : List.of("Procfile", "gateway.conf")) {
            Files.copy(RECIPE.resolve(file), slug.resolve(file));
        }
        Files.writeString(slug.resolve("server.js"), SERVER);
    }

    private Process dyno(int port, Path output) throws IOException {
        String web = Files.readAllLines(slug.resolve("Procfile")).stream()
                .filter(line -> line.startsWith("web: "))
                .findFirst()
                .orElseThrow()
                .substring("web: ".length());
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", web);
        String java = Path.of(System.getProperty("java.home"), "bin").toString();
        builder.environment().keySet().removeIf(name -> name.startsWith("ESPER_"));
        builder.environment()
                .putAll(Map.of(
                        "PATH", java + ":" + System.getenv("PATH"),
                        "PORT", Integer.toString(port),
                        "DYNO", "web.1",
                        "JAVA_OPTS", "-Xmx128m",
                        "ESPER_CHALLENGE_PASS_KEY", "5e".repeat(32),
                        "ESPER_ADMIN_ADDRESS", "127.0.0.1:0",
                        // The test's router is not at a private address of Heroku's.
                        "ESPER_CLIENT_TRUSTED_PROXIES", "loopback"));
        return builder.directory(slug.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private HttpResponse<String> ask(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("X-Forwarded-For", "192.0.2.66, 198.51.100.7")
                .timeout(Duration.ofSeconds(60))
                .build();
        return router.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theDynoServesAndEndsWhenAllOfItIsToldTo() throws Exception {
        Peers.require("node");
        deploy();
        int port = FreePort.next();
        Path output = slug.resolve("log");
        Process dyno = dyno(port, output);
        try {
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
                HttpResponse<String> response = ask(port, "/hello?a=b");
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).startsWith("/hello?a=b for 192.0.2.66, 198.51.100.7");
            });
            assertThat(ask(port, "/.env").statusCode()).isEqualTo(403);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(Files.readString(output)).contains("\"client\":\"198.51.100.7\""));
            // Heroku tells every process of a dyno at once.
            dyno.descendants().forEach(ProcessHandle::destroy);
            dyno.destroy();
            assertThat(dyno.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(dyno.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            dyno.descendants().forEach(ProcessHandle::destroyForcibly);
            dyno.destroyForcibly();
        }
    }

    @Test
    void theManifestNamesVariablesThatExist() throws IOException {
        var variables = new ObjectMapper()
                .readTree(RECIPE.resolve("app.json").toFile())
                .path("env")
                .fieldNames();
        assertThat(variables)
                .toIterable()
                .contains("ESPER_CHALLENGE_PASS_KEY")
                .allMatch(name -> name.startsWith("ESPER_"));
    }
}
