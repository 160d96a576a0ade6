package com.esperr.gateway.proxy;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A test origin and a gateway in front of it with one event loop, so that there is one pool, and three policies: {@code /blocked} is
 * blocked, {@code /challenged} is challenged, {@code /admin} and what is below it is blocked. Not thread-safe.
 */
final class Scene implements AutoCloseable {
    static final String CHALLENGE = "https://challenge.test/page";

    private static final String POLICIES = """
            mitigations = [ { mitigation_id = page, mode = challenge, return_url_template = "%s?back={return_url}&ref={reference}" } ]
            policies = [ {
              policy_id = scene
              clauses = [
                { name = blocked, match { field = request_path, operator = starts_with, value = "/blocked" }, mitigation = block }
                { name = challenged, match { field = request_path, operator = starts_with, value = "/challenged" }, mitigation = page }
                { name = admin, mitigation = block, match { any = [
                  { field = request_path, operator = equals, value = "/admin" }
                  { field = request_path, operator = starts_with, value = "/admin/" } ] } }
              ]
            } ]
            """;

    final TestOrigin origin;
    final TestGateway gateway;
    private final Path policies;

    private Scene(TestOrigin origin, TestGateway gateway, Path policies) {
        this.origin = origin;
        this.gateway = gateway;
        this.policies = policies;
    }

    /** A scene with these keys, each followed by its value. */
    static Scene with(String... keysAndValues) {
        return under("", keysAndValues);
    }

    /** A scene with a configuration in HOCON, and these keys over it. */
    static Scene under(String hocon, String... keysAndValues) {
        TestOrigin origin = TestOrigin.start();
        try {
            Path policies = Files.createTempFile("scene", ".conf");
            Files.writeString(policies, String.format(POLICIES, CHALLENGE));
            Map<String, String> config = new HashMap<>(Map.of(
                    "origin.url", origin.url(), "runtime.event-loops", "1", "policies.path", policies.toString()));
            for (int i = 0; i < keysAndValues.length; i += 2) {
                config.put(keysAndValues[i], keysAndValues[i + 1]);
            }
            return new Scene(origin, TestGateway.start(hocon, config), policies);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection to the gateway. */
    RawClient client() {
        return RawClient.connect(gateway.port());
    }

    /** The response to a request of these lines and no body, on a connection of its own. */
    RawResponse ask(String... lines) {
        return RawClient.exchange(gateway.port(), request(lines));
    }

    /** A request of the line that is given, {@code Host: gw.test} and further header lines. */
    static String request(String... lines) {
        StringBuilder request = new StringBuilder(lines[0]).append(" HTTP/1.1\r\nHost: gw.test\r\n");
        for (int i = 1; i < lines.length; i++) {
            request.append(lines[i]).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    @Override
    public void close() {
        gateway.close();
        origin.close();
        try {
            Files.deleteIfExists(policies);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
