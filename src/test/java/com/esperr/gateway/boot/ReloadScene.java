package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.SteadyLoad;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;

/**
 * A gateway under a constant light load, with one request that its origin has not answered yet and that must live through everything, and
 * whose configuration changes.
 */
final class ReloadScene implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CountDownLatch latch = new CountDownLatch(1);
    private final TestOrigin origin = TestOrigin.start(Behaviours.respond(200, "hello\n"));
    private final TestEsper esper = TestEsper.start();
    private final Path file;
    private final TestGateway gateway;
    private final SteadyLoad load;
    private final RawClient lasting;

    /** Begins with {@code keys} of configuration, in which {@code %s} is where Esper is. */
    ReloadScene(Path directory, String keys) {
        this(directory, keys, Map.of());
    }

    /** The same with {@code options}, which no file changes. */
    ReloadScene(Path directory, String keys, Map<String, String> options) {
        origin.on("/lasting", Behaviours.stallUntil(latch, Behaviours.respond(200, "at last\n")));
        file = directory.resolve("gateway.conf");
        write(keys);
        gateway = TestGateway.start(file, options);
        lasting = RawClient.connect(gateway.port()).send(request("/lasting"));
        load = SteadyLoad.at(gateway.port(), 1, 1);
        Awaitility.await().until(() -> load.answered() > 0 && asked("/lasting"));
    }

    private boolean asked(String path) {
        return origin.requests().stream().anyMatch(request -> request.path().equals(path));
    }

    TestEsper esper() {
        return esper;
    }

    TestGateway gateway() {
        return gateway;
    }

    long answered() {
        return load.answered();
    }

    static String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\n\r\n";
    }

    RawResponse get(String path) {
        return RawClient.exchange(gateway.port(), request(path));
    }

    RawResponse ask(String request) {
        return RawClient.exchange(gateway.port(), request);
    }

    private void write(String keys) {
        try {
            // The request that must live through everything waits for as long as that takes on this machine.
            String text = "origin.response-timeout = 30m\norigin.url = \"" + origin.url() + "\"\nesper.api-url = \""
                    + esper.url() + "\"\n" + keys;
            Path next = Files.writeString(file.resolveSibling("next"), text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has {@code keys} read in place of those before; what is said of it. */
    JsonNode reload(String keys) {
        write(keys);
        String said = RawClient.exchange(
                        gateway.adminPort(),
                        "POST /reload HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: anna\r\nContent-Length: 0\r\n\r\n")
                .bodyText();
        try {
            return JSON.readTree(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, which must come into force as a whole. */
    void change(String keys) {
        JsonNode said = reload(keys);
        assertThat(said.get("result").asText()).describedAs("%s", said).isEqualTo("ok");
        assertThat(said.get("needs_restart")).isEmpty();
        assertThat(said.get("changed")).isNotEmpty();
    }

    /** The same, which must be refused because of {@code problem}. */
    void refuse(String keys, String problem) {
        JsonNode said = reload(keys);
        assertThat(said.get("result").asText()).describedAs("%s", said).isEqualTo("refused");
        assertThat(said.get("problems").toString()).contains(problem);
        assertThat(said.get("changed")).isEmpty();
    }

    /** Waits until so many more visitors of the load were answered, whoever began before. */
    void passTime(int visitors) {
        long now = load.answered();
        Awaitility.await()
                .until(() ->
                        load.answered() >= now + visitors || !load.failures().isEmpty());
    }

    /** Ends the load, none of which may have failed; how many were answered. */
    long end() {
        load.close();
        assertThat(load.failures()).isEmpty();
        return load.answered();
    }

    /** Lets the lasting request end, as if nothing had happened. */
    void finish() {
        end();
        latch.countDown();
        assertThat(lasting.readResponse().bodyText()).isEqualTo("at last\n");
        List<String> violations = esper.violations();
        assertThat(violations).isEmpty();
    }

    @Override
    public void close() {
        latch.countDown();
        load.close();
        lasting.close();
        gateway.close();
        origin.close();
        esper.close();
    }
}
