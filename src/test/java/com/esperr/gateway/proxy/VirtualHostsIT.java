package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several sites behind one gateway, each with its application and its rules. */
class VirtualHostsIT {
    private static final String BLOCK_ADMIN = """
            policies = [ { policy_id = all, clauses = [
              { name = admin, match { field = request_path, operator = starts_with, value = "/admin" }, mitigation = block } ] } ]
            """;

    @TempDir
    private Path directory;

    private final TestOrigin main = TestOrigin.start();
    private final TestOrigin shop = TestOrigin.start();
    private final TestOrigin api = TestOrigin.start();
    private TestGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        main.close();
        shop.close();
        api.close();
    }

    private void start(String more) throws IOException {
        Path policies = Files.writeString(directory.resolve("policies.conf"), BLOCK_ADMIN);
        gateway = TestGateway.start(
                """
                origins {
                  shop { url = "%s", host = rewrite }
                  api { url = "%s", response-timeout = 200ms }
                }
                hosts = [
                  { names = [ shop.test, "*.shop.test" ], origin = shop }
                  { names = [ shop.test ], path = /api, origin = api, enforcement = none }
                  { names = [ watched.test ], enforcement = monitor }
                ]
                %s
                """.formatted(shop.url(), api.url(), more),
                Map.of("origin.url", main.url(), "policies.path", policies.toString(), "runtime.event-loops", "1"));
    }

    private RawResponse get(String host, String path) {
        return RawClient.exchange(
                gateway.port(), "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    @Test
    void eachHostAndPathMeetsItsOwnApplication() throws IOException {
        start("");
        assertThat(get("shop.test", "/page").status()).isEqualTo(200);
        assertThat(get("www.SHOP.test:80", "/page").status()).isEqualTo(200);
        assertThat(get("shop.test", "/api/items").status()).isEqualTo(200);
        assertThat(get("other.test", "/page").status()).isEqualTo(200);
        assertThat(shop.requests())
                .hasSize(2)
                .allMatch(one -> one.header("host").equals(shop.authority()));
        assertThat(api.onlyRequest().header("host")).isEqualTo("shop.test");
        assertThat(main.onlyRequest().header("host")).isEqualTo("other.test");
    }

    @Test
    void eachHasItsOwnTimesAndTheOthersStayWhenOneIsGone() throws IOException {
        start("");
        await().atMost(Duration.ofSeconds(30)).until(() -> gateway.readiness() == 200);
        shop.stop();
        assertThat(get("shop.test", "/").status()).isEqualTo(502);
        assertThat(get("other.test", "/").status()).isEqualTo(200);
        assertThat(gateway.readiness()).isEqualTo(200);
        assertThat(gateway.metric("esper_upstream_endpoint_up{endpoint=\"" + api.authority() + "\",origin=\"api\"}"))
                .isEqualTo(1);
    }

    @Test
    void decisionsAreCarriedOutRecordedOrNotMadeAsTheSiteSays() throws IOException {
        start("");
        assertThat(get("shop.test", "/admin").status()).isEqualTo(403);
        assertThat(get("other.test", "/admin").status()).isEqualTo(403);
        assertThat(get("watched.test", "/admin").status()).isEqualTo(200);
        assertThat(gateway.metric("esper_decisions_observed_total{action=\"block\"}"))
                .isEqualTo(1);
        assertThat(get("shop.test", "/api/admin").status()).isEqualTo(200);
    }

    @Test
    void aRouteOfOneSiteMayRequireAPass() throws IOException {
        Path policies = Files.writeString(directory.resolve("policies.conf"), BLOCK_ADMIN);
        gateway = TestGateway.start("""
                hosts = [ { names = [ shop.test ], routes = [ { path = "/vip/**", tier = normal, require-level = 1 } ] } ]
                challenge.url = "https://challenge.test/"
                esper.api-key = some-key
                """, Map.of("origin.url", main.url(), "policies.path", policies.toString()));
        assertThat(RawClient.exchange(
                                gateway.port(),
                                "GET /vip/x HTTP/1.1\r\nHost: shop.test\r\nAccept: text/html\r\nSec-Fetch-Mode: navigate\r\n\r\n")
                        .status())
                .isEqualTo(302);
        assertThat(get("other.test", "/vip/x").status()).isEqualTo(200);
    }

    @Test
    void aHostThatNobodyHasIsRefusedWhereThatIsWanted() throws IOException {
        start("unknown-host = 404");
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(404);
            assertThat(client.send("GET / HTTP/1.1\r\nHost: watched.test\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(gateway.failures(FailureReason.UNKNOWN_HOST)).isEqualTo(1);
        assertThat(main.requests()).hasSize(1);
    }
}
