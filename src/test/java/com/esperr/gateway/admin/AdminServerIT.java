package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class AdminServerIT {
    private static final String HOST = "Host: 127.0.0.1\r\n";

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Metrics metrics = new Metrics();
    private final AtomicReference<String> trouble = new AtomicReference<>();
    private final LongReload reload = new LongReload();
    private AdminServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        server = start(0);
        port = server.address().getPort();
    }

    @AfterEach
    void stop() throws InterruptedException {
        reload.end.countDown();
        server.close();
        metrics.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    @Test
    void healthIsOkWhileTheProcessLives() {
        RawResponse response = get("/healthz");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyText()).isEqualTo("ok\n");
    }

    @Test
    void everyAnswerForbidsKeepingGuessingAndFraming() {
        for (String path : List.of("/", "/healthz", "/readyz", "/metrics", "/nothing")) {
            RawResponse response = get(path);
            assertThat(response.header("cache-control")).isEqualTo("no-store");
            assertThat(response.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(response.header("x-frame-options")).isEqualTo("DENY");
            assertThat(response.header("cross-origin-resource-policy")).isEqualTo("same-origin");
        }
    }

    @Test
    void readinessFollowsItsChecks() {
        assertThat(get("/readyz").status()).isEqualTo(200);
        trouble.set("refused");
        RawResponse response = get("/readyz");
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(response.bodyText()).contains("{\"name\":\"origin\",\"ok\":false,\"trouble\":\"refused\"}");
        trouble.set(null);
        assertThat(get("/readyz").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain|text/plain; version=0.0.4; charset=utf-8",
                "application/openmetrics-text; version=1.0.0|application/openmetrics-text; version=1.0.0; charset=utf-8",
                "application/vnd.google.protobuf; encoding=delimited|text/plain; version=0.0.4; charset=utf-8"
            })
    void metricsComeInTheTextFormThatIsAskedFor(String accept, String type) {
        RawResponse response = exchange("GET /metrics HTTP/1.1\r\n" + HOST + "Accept: " + accept + "\r\n\r\n");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("content-type")).isEqualTo(type);
        assertThat(response.bodyText()).contains("jvm_memory_used_bytes");
    }

    @Test
    void theIndexLinksToEveryEndpoint() {
        RawResponse response = get("/");
        assertThat(response.header("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(response.bodyText()).contains("href=\"/healthz\"", "href=\"/readyz\"", "href=\"/metrics\"");
    }

    @Test
    void headIsGetWithoutTheBody() {
        RawResponse response = exchange("HEAD /healthz HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("content-length")).isEqualTo("3");
        assertThat(response.bodyText()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "BREW"})
    void onlyGetAndHeadAreAnswered(String method) {
        RawResponse response = exchange(method + " /healthz HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n");
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.header("allow")).isEqualTo("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/healthz/", "//healthz", "/healthz/../readyz", "/%68ealthz", "/metrics;x"})
    void otherPathsAreNotFound(String path) {
        assertThat(get(path).status()).isEqualTo(404);
    }

    @Test
    void theQueryIsNotPartOfThePath() {
        assertThat(get("/healthz?verbose=1").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:9901", "127.0.0.1.evil.example", "localhost.evil.example"})
    void aPageUnderItsOwnNameLearnsNothing(String host) {
        RawResponse response = exchange("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertThat(response.status()).isEqualTo(421);
        assertThat(response.bodyText()).doesNotContain("jvm_");
    }

    @Test
    void aConfiguredNameIsAnswered() {
        assertThat(exchange("GET /healthz HTTP/1.1\r\nHost: gateway.internal:9901\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /healthz HTTP/1.1\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
                "GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost localhost\r\n\r\n",
                "\u0001\u0002\r\n\r\n"
            })
    void whatIsNoPlainRequestIsRefusedAndClosed(String request) {
        try (RawClient client = RawClient.connect(port)) {
            assertThat(client.send(request).readResponse().status()).isEqualTo(400);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void oldHealthCheckersWithoutHostAreAnswered() {
        try (RawClient client = RawClient.connect(port)) {
            assertThat(client.send("GET /healthz HTTP/1.0\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void aLargeHeadOrBodyIsRefused() {
        assertThat(exchange("GET /healthz?" + "q".repeat(5000) + " HTTP/1.1\r\n" + HOST + "\r\n")
                        .status())
                .isEqualTo(400);
        assertThat(exchange("GET /healthz HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(9000) + "\r\n\r\n")
                        .status())
                .isEqualTo(400);
        assertThat(exchange("GET /healthz HTTP/1.1\r\n" + HOST + "Content-Length: 20000\r\n\r\n" + "x".repeat(20000))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void aRequestMayComeInPieces() {
        try (RawClient client = RawClient.connect(port)) {
            client.send("GET /healthz?" + "q".repeat(3000));
            client.send(" HTTP/1.1\r\nHo").send("st: 127.0.0.1\r\n").send("\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void requestsThatComeTogetherAreAnsweredInOrder() {
        try (RawClient client = RawClient.connect(port)) {
            String health = "GET /healthz HTTP/1.1\r\n" + HOST + "\r\n";
            client.send(health + "GET /metrics HTTP/1.1\r\n" + HOST + "\r\n" + "GET /x HTTP/1.1\r\n" + HOST + "\r\n"
                    + health);
            assertThat(client.readResponse().bodyText()).isEqualTo("ok\n");
            assertThat(client.readResponse().bodyText()).contains("jvm_memory_used_bytes");
            assertThat(client.readResponse().status()).isEqualTo(404);
            assertThat(client.readResponse().bodyText()).isEqualTo("ok\n");
        }
    }

    @Test
    void theSixtyFifthConnectionIsAnsweredAndTheOneThatWasIdleLongestIsClosed() {
        List<RawClient> open = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            RawClient client = RawClient.connect(port);
            open.add(client);
            client.send("GET /healthz HTTP/1.1\r\n" + HOST + "\r\n").readResponse();
        }
        try (RawClient late = RawClient.connect(port)) {
            late.send("GET /healthz HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(late.readResponse().status()).isEqualTo(200);
            assertThat(open.get(0).isClosedByPeer()).isTrue();
            open.get(1).send("GET /healthz HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(open.get(1).readResponse().status()).isEqualTo(200);
        }
        open.forEach(RawClient::close);
    }

    @Test
    void anEndpointThatFailsIsLoggedAndAnsweredWithoutDetails() {
        Logger logger = (Logger) LoggerFactory.getLogger(Desk.class);
        ListAppender<ILoggingEvent> messages = new ListAppender<>();
        messages.start();
        logger.setAdditive(false);
        logger.addAppender(messages);
        try {
            RawResponse response = get("/broken");
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.bodyText()).doesNotContain("hush");
            assertThat(messages.list)
                    .singleElement()
                    .satisfies(event ->
                            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("hush"));
        } finally {
            logger.detachAppender(messages);
            logger.setAdditive(true);
        }
    }

    @Test
    void probesAreAnsweredWhileAReloadTakesItsTime() {
        try (RawClient changing = RawClient.connect(port)) {
            changing.send("POST /reload HTTP/1.1\r\n" + HOST + "X-Esper-Operator: anna\r\nContent-Length: 0\r\n\r\n");
            await().until(() -> reload.begun.getCount() == 0);
            assertThat(get("/healthz").status()).isEqualTo(200);
            assertThat(get("/readyz").status()).isEqualTo(200);
            assertThat(get("/reload").bodyText()).contains("\"by\":\"start\"");
            reload.end.countDown();
            assertThat(changing.readResponse().bodyText()).contains("\"by\":\"anna\"");
        }
    }

    @Test
    void anAddressInUseIsSaidWithItsKey() {
        assertThatThrownBy(() -> start(port))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("admin.address: 127.0.0.1:" + port + " cannot be bound: ");
    }

    @Test
    void closingEndsConnectionsAndTheListener() {
        try (RawClient client = RawClient.connect(port)) {
            client.send("GET /healthz HTTP/1.1\r\n" + HOST + "\r\n").readResponse();
            server.close();
            assertThat(client.isClosedByPeer()).isTrue();
        }
        // The system closes a listening socket when the event loop has let go of it.
        await().untilAsserted(() ->
                assertThatThrownBy(() -> RawClient.connect(port).close()).hasMessageContaining("connect"));
    }

    private AdminServer start(int on) throws IOException {
        AdminConfig config = new AdminConfig(
                new HostPort("127.0.0.1", on),
                Set.of("gateway.internal"),
                null,
                new DashboardConfig(true, 4, Duration.ofHours(1)));
        List<Endpoint> endpoints = List.of(
                new HealthEndpoint(),
                new ReadinessEndpoint(() -> List.of(new ReadinessCheck("origin", trouble::get))),
                new MetricsEndpoint(metrics),
                new ReloadEndpoint(reload),
                new Broken());
        return AdminServer.start(config, endpoints, loops, NioServerSocketChannel.class);
    }

    private RawResponse get(String path) {
        return exchange("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n");
    }

    private RawResponse exchange(String request) {
        return RawClient.exchange(port, request);
    }

    /** A configuration that is read for as long as the test wants it. */
    private static final class LongReload implements LiveConfig {
        private static final Attempt LAST =
                new Attempt(Instant.EPOCH, "start", true, List.of(), List.of(), List.of(), List.of());

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        @Override
        public State state() {
            return new State("hash", Instant.EPOCH, List.of(), List.of(), LAST);
        }

        @Override
        public Attempt reload(String by) {
            begun.countDown();
            try {
                boolean ended = end.await(1, TimeUnit.MINUTES);
                return new Attempt(Instant.EPOCH, by, ended, List.of(), List.of(), List.of(), List.of());
            } catch (InterruptedException closed) {
                return LAST;
            }
        }

        @Override
        public String keys() {
            return "";
        }
    }

    /** An endpoint with a defect. */
    private static final class Broken implements Endpoint {
        @Override
        public String path() {
            return "/broken";
        }

        @Override
        public String about() {
            return "fails";
        }

        @Override
        public AdminReply answer(AdminRequest request) {
            throw new IllegalStateException("hush");
        }
    }
}
