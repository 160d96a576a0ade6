package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies of the embedded engine see into bodies, as far as the ones in force ask for it. */
class PolicyBodiesIT {
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String BODIES = """
            policies = [ { policy_id = bodies, clauses = [
              { match { field = "body[user->email]", operator = ends_with, value = "@spam.test" }, mitigation = block }
              { match { field = "body[items->1]", operator = Gt, value = 9 }, mitigation = block }
              { match { cel = "body.coupon.startsWith('FREE') && request_path == '/pay'" }, mitigation = block } ] } ]
            """;

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();

    @AfterEach
    void stop() {
        origin.close();
        assertThat(origin.violations()).isEmpty();
    }

    private TestGateway gateway(String policies) throws IOException {
        Path file = Files.writeString(directory.resolve("policies.conf"), policies);
        return TestGateway.start(Map.of(
                "origin.url",
                origin.url(),
                "policies.path",
                file.toString(),
                "policies.body.prefix",
                "256",
                "decision.timeout",
                "10s"));
    }

    private static RawResponse post(TestGateway gateway, String type, String body) {
        return RawClient.exchange(
                gateway.port(),
                "POST /pay HTTP/1.1\r\nHost: shop.test\r\nContent-Type: " + type + "\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
    }

    @Test
    void whatIsInABodyDecides() throws IOException {
        try (TestGateway gateway = gateway(BODIES)) {
            for (String bad : List.of(
                    "{\"user\":{\"email\":\"a@spam.test\"}}",
                    "{\"x\":[{},[1]],\"items\":[1,10.5]}",
                    "{\"coupon\":\"FREE10\"}")) {
                assertThat(post(gateway, JSON, bad).status()).as(bad).isEqualTo(403);
            }
            assertThat(post(gateway, FORM, "a=b&coupon=FREE%31").status()).isEqualTo(403);
            for (String good : List.of(
                    "{\"user\":{\"email\":\"a@shop.test\"},\"items\":[10,1],\"coupon\":null}",
                    "{\"user\":[\"a@spam.test\"]}",
                    "not json",
                    "{\"filler\":\"" + "x".repeat(300) + "\",\"coupon\":\"FREE10\"}",
                    "{}")) {
                assertThat(post(gateway, JSON, good).status()).as(good).isEqualTo(200);
            }
            assertThat(post(gateway, "text/plain", "coupon=FREE1").status()).isEqualTo(200);
            assertThat(RawClient.exchange(gateway.port(), "GET /pay HTTP/1.1\r\nHost: shop.test\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }
}
