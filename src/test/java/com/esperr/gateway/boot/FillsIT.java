package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.Patience;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.TestService;
import com.esperr.gateway.upstream.Presence;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How full everything is that is bounded, as true gateways and services show it. */
class FillsIT {
    private static final Pattern WHAT = Pattern.compile("esper_fill_ratio\\{what=\"([a-z_]+)\"}");
    private static final String POLICIES = """
            policies = [ { policy_id = door, priority = 1, clauses = [
                { name = closed, match { field = request_path, operator = Eq, value = /closed }, mitigation = block }
                { name = often, match { field = request_path, operator = Eq, value = /page }, mitigation = block,
                  window { seconds = 600, threshold = 100000 } } ] } ]
            """;

    @TempDir
    private static Path directory;

    private static final TestOrigin ORIGIN = TestOrigin.start();
    private static final TestEsper ESPER = TestEsper.start();

    @AfterAll
    static void stop() {
        ESPER.close();
        ORIGIN.close();
    }

    private static TestGateway plain(String... keysAndValues) {
        return gateway("", keysAndValues);
    }

    private static TestGateway gateway(String hocon, String... keysAndValues) {
        try {
            Path policies = Files.writeString(directory.resolve("policies.conf"), POLICIES);
            Map<String, String> config = new HashMap<>(Map.of(
                    "origin.url", ORIGIN.url(),
                    "policies.path", policies.toString(),
                    "esper.api-url", ESPER.url(),
                    "esper.api-key", TestEsper.API_KEY,
                    "esper.tenant-id", "shop"));
            for (int i = 0; i < keysAndValues.length; i += 2) {
                config.put(keysAndValues[i], keysAndValues[i + 1]);
            }
            return TestGateway.start(hocon, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> shown(int adminPort) {
        String scrape = RawClient.exchange(adminPort, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText();
        Set<String> shown = new TreeSet<>();
        WHAT.matcher(scrape).results().forEach(found -> shown.add(found.group(1)));
        return shown;
    }

    private static Set<String> shown(TestGateway gateway) {
        try (gateway) {
            return shown(gateway.adminPort());
        }
    }

    private static String tls() throws IOException {
        X509Bundle bundle = Certificates.issued(Certificates.authority(), "shop.test");
        return "listeners = [ { address = \"127.0.0.1:0\", connections = 100, tls.certificates = [ { certificate-file = \""
                + Certificates.chain(bundle, directory.resolve("chain.pem")) + "\", key-file = \""
                + Certificates.key(bundle, directory.resolve("key.pem")) + "\" } ] } ]\n";
    }

    /** A gateway in front of an application that this process would run. */
    private static Set<String> withApplication() throws IOException {
        Loaded<GatewayConfig> loaded = GatewayConfig.load(
                null,
                Map.of(),
                Map.of(
                        "origin.url", ORIGIN.url(),
                        "listen.address", "127.0.0.1:0",
                        "admin.address", "127.0.0.1:0",
                        "shutdown.drain", "0s",
                        "log.access", "off"));
        Presence presence = new Presence(new Presence.Patience(true, Duration.ofMinutes(1), 10));
        try (Gateway gateway = Gateway.start(loaded, Policies.load(loaded.value()), "test", presence)) {
            return shown(gateway.adminPort());
        }
    }

    @Test
    void everythingInTheCatalogueIsShownByWhoHasIt() throws IOException {
        Set<String> shown = new TreeSet<>(shown(gateway(
                tls(),
                "beacon.mode",
                "on",
                "beacon.spool.directory",
                directory.resolve("spool").toString(),
                "traces.endpoint",
                ORIGIN.url() + "/traces",
                "record.file",
                directory.resolve("record.jsonl").toString(),
                "log.access",
                directory.resolve("access.log").toString(),
                "origin.max-requests",
                "10",
                "origin.shedding.enabled",
                "true")));
        shown.addAll(shown(plain("mode", "cloud", "esper.cache.enabled", "true")));
        shown.addAll(shown(plain("mode", "hybrid")));
        // Whether Redis is there makes no difference to what is kept for it.
        shown.addAll(shown(plain(
                "state.store",
                "redis",
                "state.redis.url",
                "redis://127.0.0.1:1",
                "state.redis.connect-timeout",
                "100ms")));
        shown.addAll(withApplication());
        try (TestService service = TestService.start(directory, Map.of())) {
            shown.addAll(shown(service.service().adminPort()));
        }
        // The process has its own logging, of which a test has none.
        shown.add(Bounded.LOG_MESSAGES.label());
        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Bounded.values()).map(Bounded::label).toList());
    }

    private static double of(TestGateway gateway, String series, Bounded what) {
        return gateway.metric("esper_fill_" + series + "{what=\"" + what.label() + "\"}");
    }

    private static void get(TestGateway gateway, String path, int visitor) {
        RawClient.exchange(
                gateway.port(),
                "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-For: 198.51.100." + visitor
                        + "\r\nConnection: close\r\n\r\n");
    }

    @Test
    void whatIsKeptGrowsToItsBoundAndNotBeyond() {
        try (TestGateway gateway =
                plain("client.trusted-proxies", "loopback", "policies.max-windows", "20", "explain.entries", "10")) {
            assertThat(of(gateway, "entries", Bounded.WINDOWS)).isZero();
            assertThat(of(gateway, "capacity", Bounded.WINDOWS)).isEqualTo(20);
            assertThat(of(gateway, "capacity", Bounded.EXPLANATIONS)).isEqualTo(10);
            for (int visitor = 0; visitor < 5; visitor++) {
                get(gateway, "/page", visitor);
                get(gateway, "/closed", visitor);
            }
            await().atMost(Patience.LIMIT).untilAsserted(() -> {
                assertThat(of(gateway, "entries", Bounded.WINDOWS)).isEqualTo(5);
                assertThat(of(gateway, "ratio", Bounded.WINDOWS)).isEqualTo(0.25);
                assertThat(of(gateway, "entries", Bounded.EXPLANATIONS)).isEqualTo(5);
                assertThat(of(gateway, "ratio", Bounded.EXPLANATIONS)).isEqualTo(0.5);
                assertThat(of(gateway, "dropped_total", Bounded.EXPLANATIONS)).isZero();
            });
            for (int visitor = 5; visitor < 60; visitor++) {
                get(gateway, "/page", visitor);
                get(gateway, "/closed", visitor);
            }
            await().atMost(Patience.LIMIT).untilAsserted(() -> {
                assertThat(of(gateway, "entries", Bounded.WINDOWS)).isEqualTo(20);
                assertThat(of(gateway, "dropped_total", Bounded.WINDOWS)).isEqualTo(40);
                assertThat(of(gateway, "entries", Bounded.EXPLANATIONS)).isEqualTo(10);
                assertThat(of(gateway, "ratio", Bounded.EXPLANATIONS)).isEqualTo(1);
                assertThat(of(gateway, "dropped_total", Bounded.EXPLANATIONS)).isEqualTo(50);
            });
        }
    }

    @Test
    void whatWaitsFillsItsQueueAndTheRestIsRefused() {
        List<RawClient> clients = new ArrayList<>();
        try (TestGateway gateway =
                plain("maintenance.pause.max-held", "3", "maintenance.pause.hold", "1m", "limits.connections", "100")) {
            operator(gateway, "POST");
            for (int i = 0; i < 3; i++) {
                clients.add(ask(gateway));
            }
            await().atMost(Patience.LIMIT).until(() -> of(gateway, "entries", Bounded.PAUSED_REQUESTS) == 3);
            assertThat(of(gateway, "ratio", Bounded.PAUSED_REQUESTS)).isEqualTo(1);
            assertThat(of(gateway, "dropped_total", Bounded.PAUSED_REQUESTS)).isZero();
            assertThat(of(gateway, "entries", Bounded.CLIENT_CONNECTIONS)).isEqualTo(3);
            assertThat(of(gateway, "ratio", Bounded.CLIENT_CONNECTIONS)).isEqualTo(0.03);
            for (int i = 0; i < 2; i++) {
                RawClient refused = ask(gateway);
                clients.add(refused);
                assertThat(refused.readResponse().status()).isEqualTo(503);
            }
            assertThat(of(gateway, "entries", Bounded.PAUSED_REQUESTS)).isEqualTo(3);
            assertThat(of(gateway, "dropped_total", Bounded.PAUSED_REQUESTS)).isEqualTo(2);
            operator(gateway, "DELETE");
            for (int i = 0; i < 3; i++) {
                assertThat(clients.get(i).readResponse().status()).isEqualTo(200);
            }
            await().atMost(Patience.LIMIT).until(() -> of(gateway, "entries", Bounded.PAUSED_REQUESTS) == 0);
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    private static RawClient ask(TestGateway gateway) {
        RawClient client = RawClient.connect(gateway.port());
        client.send("GET /held HTTP/1.1\r\nHost: shop.test\r\n\r\n");
        return client;
    }

    private static void operator(TestGateway gateway, String method) {
        RawClient.exchange(
                gateway.adminPort(),
                method + " /pause HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: test\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void aConnectionToTheOriginIsOneOfThoseThatThereMayBe() {
        try (TestGateway gateway = plain("origin.max-connections", "7")) {
            assertThat(of(gateway, "entries", Bounded.ORIGIN_CONNECTIONS)).isZero();
            get(gateway, "/page", 1);
            await().atMost(Patience.LIMIT).until(() -> of(gateway, "entries", Bounded.ORIGIN_CONNECTIONS) == 1);
            assertThat(of(gateway, "capacity", Bounded.ORIGIN_CONNECTIONS) % 7).isZero();
            assertThat(of(gateway, "ratio", Bounded.ORIGIN_CONNECTIONS))
                    .isEqualTo(1 / of(gateway, "capacity", Bounded.ORIGIN_CONNECTIONS));
        }
    }
}
