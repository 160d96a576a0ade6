package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.keys.KeyFile;
import com.esperr.gateway.keys.NewKey;
import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.Questions;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** The true decision service under a constant light load of one key that stays, while its configuration changes. */
final class ServiceReloadScene implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REFERENCE = "2026-11-21T00:00:00Z";

    private final Path directory;
    private final Path file;
    private final KeyFile keyFile;
    private final NewKey staying;
    private final Service service;
    private final List<Thread> callers = new ArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    /** Begins with {@code keys} of configuration. */
    ServiceReloadScene(Path directory, String keys) {
        this.directory = directory;
        this.file = directory.resolve("server.conf");
        this.keyFile = new KeyFile(directory.resolve("keys.jsonl"));
        try {
            Files.writeString(directory.resolve("policies.conf"), TestService.POLICIES);
            this.staying = added();
            write(keys);
            this.service = start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        call(this::keep);
        call(this::leave);
        passTime(2);
    }

    private Service start() throws IOException {
        Loaded<GatewayConfig> loaded =
                GatewayConfig.load(file, Map.of(), Map.of("origin.url", "http://127.0.0.1:1", "mode", "local"));
        CheckedTenants checked = CheckedTenants.of(loaded);
        TenantPolicies policies = checked.policies();
        assertThat(checked.problems()).isEmpty();
        assertThat(policies).isNotNull();
        return Service.start(loaded, policies.sets(), "test");
    }

    /** A key of the tenant, in the file from now on. */
    NewKey added() {
        return added("shop");
    }

    /** The same of another tenant. */
    NewKey added(String tenant) {
        NewKey made = NewKey.random(tenant, null, REFERENCE);
        try {
            keyFile.add(made.entry());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return made;
    }

    NewKey staying() {
        return staying;
    }

    KeyFile keyFile() {
        return keyFile;
    }

    Service service() {
        return service;
    }

    private void call(Runnable calls) {
        Thread caller = new Thread(
                () -> {
                    while (!over && failures.isEmpty()) {
                        calls.run();
                    }
                },
                "caller-" + callers.size());
        caller.setDaemon(true);
        callers.add(caller);
        caller.start();
    }

    private void keep() {
        try (RawClient client = RawClient.connect(service.port())) {
            while (!over && failures.isEmpty()) {
                take(client.send(question(staying, "/basket", "curl/8", "")).readResponse());
            }
        } catch (RuntimeException | AssertionError failed) {
            failures.add("kept connection: " + failed);
        }
    }

    private void leave() {
        try (RawClient client = RawClient.connect(service.port())) {
            take(client.send(question(staying, "/basket", "curl/8", "Connection: close\r\n"))
                    .readResponse());
        } catch (RuntimeException | AssertionError failed) {
            failures.add("new connection: " + failed);
        }
    }

    private void take(RawResponse response) {
        if (response.status() == 200) {
            answered.incrementAndGet();
        } else {
            failures.add("status " + response.status() + ": " + response.bodyText());
        }
    }

    private static String question(NewKey key, String path, String agent, String lines) {
        String body = Questions.question("", path, "198.51.100.7", agent).replace("\"idempotency_key\": \"\",", "");
        return post(key, "/api/v1/runtime/mitigation", body, lines);
    }

    private static String post(NewKey key, String path, String body, String lines) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nx-esper-api-key: " + key.text() + "\r\n" + lines
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Asks about a request for {@code path} by {@code agent}. */
    RawResponse ask(NewKey key, String path, String agent) {
        return RawClient.exchange(service.port(), question(key, path, agent, ""));
    }

    /** Posts {@code body}, which is JSON. */
    RawResponse send(NewKey key, String path, String body) {
        return RawClient.exchange(service.port(), post(key, path, body, ""));
    }

    /** Tells of a request for {@code path} from {@code address}. */
    RawResponse tell(NewKey key, String path, String address) {
        String body = Questions.event(key.entry().tenantId(), "", path, address, "curl/8")
                .replace("\"idempotency_key\": \"\",", "");
        return send(key, "/api/v1/beacon/event", body);
    }

    private void write(String keys) {
        try {
            String text = """
                    server { address = "127.0.0.1:0", keys-file = "%1$s/keys.jsonl", keys-interval = 1h
                      # Two who ask without a break are not to be refused.
                      rate-limit { per-second = 1000000, burst = 1000000 }
                      tenants = [ { tenant_id = shop, policies = ["%1$s/policies.conf"], return-hosts = [shop.test] } ] }
                    admin.address = "127.0.0.1:0"
                    shutdown { grace = 0s, drain = 0s }
                    log.access = off
                    reload.interval = 0s
                    """.formatted(directory) + keys;
            Path next = Files.writeString(file.resolveSibling("next"), text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts {@code keys} in place of those before, and says nothing. */
    void edit(String keys) {
        write(keys);
    }

    /** Has {@code keys} read in place of those before; what is said of it. */
    JsonNode reload(String keys) {
        write(keys);
        return json(RawClient.exchange(
                        service.adminPort(),
                        "POST /reload HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: anna\r\nContent-Length: 0\r\n\r\n")
                .bodyText());
    }

    /** The same, which must come into force as a whole. */
    void change(String keys) {
        JsonNode said = reload(keys);
        assertThat(said.get("result").asText()).describedAs("%s", said).isEqualTo("ok");
        assertThat(said.get("needs_restart")).isEmpty();
    }

    /** The same, which must be refused because of {@code problem}. */
    void refuse(String keys, String problem) {
        JsonNode said = reload(keys);
        assertThat(said.get("result").asText()).describedAs("%s", said).isEqualTo("refused");
        assertThat(said.get("problems").toString()).contains(problem);
        assertThat(said.get("changed")).isEmpty();
    }

    /** What {@code /config} says. */
    JsonNode config() {
        return json(operator("/config"));
    }

    /** What the operator port answers. */
    String operator(String path) {
        return RawClient.exchange(service.adminPort(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText();
    }

    MetricsSnapshot metrics() {
        return MetricsSnapshot.of(operator("/metrics"));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    /** Waits until so many more questions of the load were answered. */
    void passTime(int questions) {
        long now = answered.get();
        Awaitility.await().until(() -> answered.get() >= now + questions || !failures.isEmpty());
    }

    /** Questions of the load that were answered. */
    long answered() {
        return answered.get();
    }

    /** Ends the load, no question of which may have failed. */
    void end() {
        over = true;
        for (Thread caller : callers) {
            try {
                caller.join(30_000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        assertThat(failures).isEmpty();
        assertThat(answered.get()).isPositive();
    }

    @Override
    public void close() {
        over = true;
        service.close();
    }
}
