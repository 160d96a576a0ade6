package com.esperr.gateway.testkit;

import com.esperr.gateway.boot.Gateway;
import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.Policies;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.failure.FailureReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The true gateway in this process, on free loopback ports. */
public final class TestGateway implements AutoCloseable {
    private final Gateway gateway;

    private TestGateway(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Starts one with {@code config} by path over the defaults; fails with every problem of the configuration. */
    public static TestGateway start(Map<String, String> config) {
        return start((Path) null, config);
    }

    /** Starts one with a file and {@code config} over it. */
    public static TestGateway start(Path file, Map<String, String> config) {
        Map<String, String> options = new HashMap<>(Map.of(
                "listen.address", "127.0.0.1:0",
                "runtime.transport", System.getProperty("gateway.transport", "auto"),
                "admin.address", "127.0.0.1:0",
                "shutdown.drain", "0s",
                "challenge.pass.key", "5e".repeat(32),
                "reload.interval", "0s",
                "log.access", "off"));
        options.putAll(config);
        Loaded<GatewayConfig> loaded = GatewayConfig.load(file, Map.of(), options);
        if (!loaded.isValid()) {
            throw new AssertionError("configuration: " + loaded.problems());
        }
        Policies policies = Policies.load(loaded.value());
        if (!policies.problems().isEmpty()) {
            throw new AssertionError("policies: " + policies.problems());
        }
        try {
            return new TestGateway(Gateway.start(loaded, policies, "test"));
        } catch (IOException cannotStart) {
            throw new UncheckedIOException(cannotStart);
        }
    }

    /** Starts one with this configuration in HOCON and {@code config} over it. */
    public static TestGateway start(String hocon, Map<String, String> config) {
        try {
            Path file = Files.createTempFile("gateway", ".conf");
            try {
                return start(Files.writeString(file, hocon), config);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port that visitors connect to. */
    public int port() {
        return gateway.port();
    }

    /** The ports of all listeners, in the order of the configuration. */
    public List<Integer> ports() {
        return gateway.ports();
    }

    /** The operator port. */
    public int adminPort() {
        return gateway.adminPort();
    }

    /** The value of the one sample of a metric whose line starts with {@code name}, labels included. */
    public double metric(String name) {
        return sample(name)
                .orElseThrow(() -> new AssertionError(name + " is not exposed (expected: one sample)\n" + scrape()));
    }

    /** How many requests failed for that reason so far. */
    public int failures(FailureReason reason) {
        String side = reason.side().name().toLowerCase(Locale.ROOT);
        return (int) sample("esper_failures_total{reason=\"" + reason.label() + "\",side=\"" + side + "\"}")
                .orElse(0);
    }

    private OptionalDouble sample(String name) {
        return scrape().lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst();
    }

    private String scrape() {
        return RawClient.exchange(adminPort(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText();
    }

    /** All metrics as they are now. */
    public MetricsSnapshot metrics() {
        return MetricsSnapshot.of(RawClient.exchange(adminPort(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText());
    }

    /** The status of the readiness check. */
    public int readiness() {
        return RawClient.exchange(adminPort(), "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .status();
    }

    /** The gateway itself. */
    public Gateway gateway() {
        return gateway;
    }

    @Override
    public void close() {
        gateway.close();
    }
}
