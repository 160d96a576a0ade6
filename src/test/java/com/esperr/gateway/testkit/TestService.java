package com.esperr.gateway.testkit;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.Service;
import com.esperr.gateway.boot.TenantPolicies;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.keys.KeyFile;
import com.esperr.gateway.keys.NewKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The true decision service in this process, on free loopback ports, with two tenants, {@code shop} and {@code bank}. */
public final class TestService implements AutoCloseable {
    /** Policies of one of each kind, the same for both tenants. */
    public static final String POLICIES = """
            mitigations = [ { mitigation_id = ask, mode = challenge } ]
            policies = [
              { policy_id = now, priority = 10, clauses = [
                { name = bad, match { field = user_agent, operator = contains, value = badbot }, mitigation = block }
                { name = login, match { field = request_path, operator = equals, value = "/login" }, mitigation = ask }
                { name = mail, match { field = "body[email]", operator = ends_with, value = "@spam.test" }, mitigation = block }
              ] }
              { policy_id = later, priority = 20, clauses = [
                { name = burst, match { field = request_path, operator = equals, value = "/signin" }, mitigation = block,
                  lifetime = 10m, entity = ip-user-agent, window { seconds = 60, threshold = 3 } }
                { name = once, match { field = request_path, operator = equals, value = "/trap" }, mitigation = block,
                  lifetime = 10m, inline = false, entity = ip-user-agent }
              ] }
            ]
            """;

    private final Path directory;
    private final Service service;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, String> keys;

    private TestService(Path directory, Service service, Map<String, String> keys) {
        this.directory = directory;
        this.service = service;
        this.keys = keys;
    }

    /** Starts one with {@code config} by path over the defaults. */
    public static TestService start(Path directory, Map<String, String> config) {
        return start(directory, POLICIES, config);
    }

    /** Starts one with these policies for both tenants, and {@code config} by path over the defaults. */
    public static TestService start(Path directory, String hocon, Map<String, String> config) {
        try {
            Path policies = Files.writeString(directory.resolve("policies.conf"), hocon);
            KeyFile file = new KeyFile(directory.resolve("keys.jsonl"));
            Map<String, String> keys = new HashMap<>();
            for (String tenant : List.of("shop", "bank", "stranger")) {
                NewKey made = NewKey.random(tenant, "test", "2026-11-21T00:00:00Z");
                file.add(made.entry());
                keys.put(tenant, made.text());
            }
            Path tenants = Files.writeString(directory.resolve("server.conf"), """
                    server.tenants = [
                      { tenant_id = shop, policies = ["%1$s"], return-hosts = ["*"] }
                      { tenant_id = bank, policies = ["%1$s"], return-hosts = [Bank.test, shop.test] }
                    ]
                    """.formatted(policies));
            return new TestService(directory, run(tenants, file, config), keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Service run(Path tenants, KeyFile file, Map<String, String> config) throws IOException {
        Map<String, String> options = new HashMap<>(Map.of(
                "origin.url", "http://127.0.0.1:1",
                "server.address", "127.0.0.1:0",
                "server.keys-file", file.path().toString(),
                "server.keys-interval", "100ms",
                "admin.address", "127.0.0.1:0",
                "shutdown.drain", "0s",
                "log.access", "off"));
        options.putAll(config);
        Loaded<GatewayConfig> loaded = GatewayConfig.load(tenants, Map.of(), options);
        if (!loaded.isValid()) {
            throw new AssertionError("configuration: " + loaded.problems());
        }
        TenantPolicies policies = TenantPolicies.load(loaded.value());
        if (!policies.problems().isEmpty()) {
            throw new AssertionError("policies: " + policies.problems());
        }
        return Service.start(loaded, policies.sets(), "test");
    }

    public int port() {
        return service.port();
    }

    /** The service itself. */
    public Service service() {
        return service;
    }

    /** The URL of the service. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** The key of a tenant; {@code stranger} is one that is not served. */
    public String key(String tenant) {
        String key = keys.get(tenant);
        if (key == null) {
            throw new AssertionError("no key of " + tenant);
        }
        return key;
    }

    /** The file of keys. */
    public KeyFile keyFile() {
        return new KeyFile(directory.resolve("keys.jsonl"));
    }

    /** Asks with the key of {@code tenant}, or without one if it is empty. */
    public HttpResponse<String> ask(String tenant, String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!tenant.isEmpty()) {
            request.header("x-esper-api-key", key(tenant));
        }
        if (!body.isEmpty()) {
            request.header("content-type", "application/json");
        }
        return send(request.build());
    }

    /** Posts JSON with the key of {@code tenant}. */
    public HttpResponse<String> post(String tenant, String path, String body) {
        return ask(tenant, "POST", path, body);
    }

    /** Opens the page of a challenge and presses its button; the answer to that. */
    public HttpResponse<String> pressed(String url) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20));
        String form = ChallengeForm.pressed(send(request.GET().build()).body());
        return send(request.POST(HttpRequest.BodyPublishers.ofString(form)).build());
    }

    /** Sends any request; redirects are not followed. */
    public HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** All metrics as they are now. */
    public MetricsSnapshot metrics() {
        return MetricsSnapshot.of(
                RawClient.exchange(service.adminPort(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .bodyText());
    }

    @Override
    public void close() {
        service.close();
    }
}
