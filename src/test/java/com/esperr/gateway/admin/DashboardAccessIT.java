package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in to the operator port and its dashboard, over the wire. */
class DashboardAccessIT {
    private static final String TOKEN = "d3c1a9f0e7b64a2298b1c55f";
    private static final String BY = "X-Esper-Operator: ada\r\n";
    private static final String SESSION = "/dashboard/session";
    private static final String EVENTS = "/dashboard/events";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Metrics metrics = new Metrics();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        DashboardConfig dashboard = new DashboardConfig(true, 2, Duration.ofHours(1));
        server = AdminServer.start(
                new AdminConfig(new HostPort("127.0.0.1", 0), Set.of(), OperatorToken.parse(TOKEN), dashboard),
                List.of(
                        new HealthEndpoint(),
                        new StartupEndpoint(),
                        new ReadinessEndpoint(List::of),
                        new MetricsEndpoint(metrics),
                        new Secret(),
                        EventsEndpoint.of(
                                dashboard,
                                metrics,
                                List::of,
                                Tenants.sets(Map.of()),
                                null,
                                System::nanoTime,
                                System::currentTimeMillis)),
                loops,
                NioServerSocketChannel.class);
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
        metrics.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/startupz", "/readyz", "/metrics", "/dashboard", "/dashboard/app.js", SESSION})
    void whatTellsNothingIsAnsweredToEverybody(String path) {
        assertThat(get(path, "").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/secret", "/", EVENTS})
    void theRestIsAnsweredOnlyWithTheToken(String path) {
        RawResponse refused = get(path, "");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("www-authenticate")).startsWith("Bearer ");
        assertThat(get(path, "Authorization: Bearer " + TOKEN + "x\r\n").status())
                .isEqualTo(401);
        assertThat(get(path, "Authorization: Basic " + TOKEN + "\r\n").status()).isEqualTo(401);
        assertThat(change("POST", path, BY, "").status()).isEqualTo(401);
    }

    @Test
    void aProgramShowsTheTokenInAHeader() {
        assertThat(get("/secret", "Authorization: bearer " + TOKEN + "\r\n").bodyText())
                .isEqualTo("secret\n");
    }

    @Test
    void somebodyWhoSignsInGetsACookieThatNoScriptAndNoOtherSiteHas() {
        RawResponse signedIn = signIn(TOKEN);
        assertThat(signedIn.status()).isEqualTo(200);
        assertThat(signedIn.header("set-cookie"))
                .matches("esper_operator=[A-Za-z0-9_-]{43}; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict");
        assertThat(signedIn.header("cache-control")).isEqualTo("no-store");
        String cookie = cookie(signedIn);
        assertThat(get("/secret", cookie).status()).isEqualTo(200);
        assertThat(get(SESSION, cookie).bodyText()).contains("\"required\":true", "\"signed_in\":true");
        assertThat(get(SESSION, "").bodyText()).contains("\"signed_in\":false");
    }

    @Test
    void behindAProxyWithTlsTheCookieIsForTlsOnly() {
        RawResponse signedIn = change("POST", SESSION, BY + "X-Forwarded-Proto: https\r\n", token(TOKEN));
        assertThat(signedIn.header("set-cookie")).endsWith("; Secure");
    }

    @Test
    void whoHasSignedOutIsOutWhateverCookieHeKept() {
        String cookie = cookie(signIn(TOKEN));
        RawResponse out = change("DELETE", SESSION, BY + cookie, "");
        assertThat(out.status()).isEqualTo(200);
        assertThat(out.header("set-cookie")).startsWith("esper_operator=; Path=/; Max-Age=0;");
        assertThat(get("/secret", cookie).status()).isEqualTo(401);
    }

    @Test
    void signingInAgainEndsTheSessionBefore() {
        String before = cookie(signIn(TOKEN));
        RawResponse again = change("POST", SESSION, BY + before, token(TOKEN));
        assertThat(get("/secret", before).status()).isEqualTo(401);
        assertThat(get("/secret", cookie(again)).status()).isEqualTo(200);
    }

    @Test
    void aCookieThatIsThereTwiceIsNobodys() {
        String cookie = cookie(signIn(TOKEN));
        assertThat(get("/secret", cookie + "Cookie: esper_operator=planted\r\n").status())
                .isEqualTo(401);
    }

    @Test
    void afterTooManyWrongTokensTheRightOneHasToWait() {
        for (int i = 0; i < Attempts.MOST; i++) {
            assertThat(signIn("wrong-wrong-wrong-wrong" + i).status()).isEqualTo(401);
        }
        assertThat(signIn(TOKEN).status()).isEqualTo(429);
        assertThat(get("/secret", "Authorization: Bearer " + TOKEN + "\r\n").status())
                .isEqualTo(429);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"token\":{}}", "{\"key\":\"x\"}", "token=x"})
    void whatHoldsNoTokenIsNotUnderstood(String body) {
        assertThat(change("POST", SESSION, BY, body).status()).isEqualTo(422);
    }

    @Test
    void noPageOfAnotherSiteOrPortSignsInOrChangesAnythingEvenWithTheCookie() {
        String cookie = cookie(signIn(TOKEN));
        for (String forged : List.of(
                "Origin: http://evil.example\r\n",
                "Origin: http://127.0.0.1:8080\r\n",
                "Origin: null\r\n",
                "Sec-Fetch-Site: cross-site\r\n",
                "Sec-Fetch-Site: same-site\r\n")) {
            assertThat(change("POST", "/secret", BY + cookie + forged, "").status())
                    .as(forged)
                    .isEqualTo(403);
            assertThat(change("POST", SESSION, BY + forged, token(TOKEN)).status())
                    .as(forged)
                    .isEqualTo(403);
            assertThat(get(EVENTS, cookie + forged).status()).as(forged).isEqualTo(403);
        }
        assertThat(change("POST", "/secret", cookie, "").status()).isEqualTo(403);
        assertThat(change("POST", "/secret", BY + cookie + own(), "").bodyText())
                .isEqualTo("changed\n");
    }

    @Test
    void aPageThatResolvesToUsUnderItsOwnNameLearnsNothing() {
        String cookie = cookie(signIn(TOKEN));
        RawResponse response = RawClient.exchange(
                port(), "GET /secret HTTP/1.1\r\nHost: evil.example:" + port() + "\r\n" + cookie + "\r\n");
        assertThat(response.status()).isEqualTo(421);
    }

    @Test
    void thePageRunsNothingButItsOwnFilesAndIsNeverFramed() {
        for (String path : List.of("/dashboard", "/dashboard/app.js", "/dashboard/dashboard.css")) {
            RawResponse file = get(path, "");
            assertThat(file.header("content-security-policy"))
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
                    .contains("require-trusted-types-for 'script'")
                    .doesNotContain("unsafe", "http", "*");
            assertThat(file.header("cache-control")).isEqualTo("no-store");
            assertThat(file.header("x-frame-options")).isEqualTo("DENY");
        }
        String page = get("/dashboard", "").bodyText();
        assertThat(page).doesNotContain("style=", "onclick", "http://", "https://", "<script>");
        assertThat(get("/dashboard/nothing.js", "").status()).isEqualTo(404);
        assertThat(get("/dashboard/../secret", "").status()).isEqualTo(404);
    }

    @Test
    void eventsComeOnceASecondUntilTheSessionEnds() {
        String cookie = cookie(signIn(TOKEN));
        try (RawClient viewer = viewer(cookie)) {
            assertThat(viewer.readHead())
                    .contains("200 OK", "text/event-stream; charset=utf-8", "cache-control: no-store");
            String events = until(viewer, "event: now", 3);
            assertThat(events).startsWith("retry: 2000\n\nevent: history\ndata: {\"names\":[\"time\",");
            assertThat(events).contains("event: tables\ndata: {");
            assertThat(change("DELETE", SESSION, BY + cookie, "").status()).isEqualTo(200);
            assertThat(viewer.readUntilClose()).endsWith("event: end\ndata: \"signed out\"\n\n");
        }
    }

    @Test
    void thereAreOnlySoManyViewersAndWhoeverLeavesMakesRoom() {
        String cookie = cookie(signIn(TOKEN));
        List<RawClient> viewers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            RawClient viewer = viewer(cookie);
            viewers.add(viewer);
            assertThat(viewer.readHead()).contains("200 OK");
        }
        RawResponse full = get(EVENTS, cookie);
        assertThat(full.status()).isEqualTo(503);
        assertThat(full.bodyText()).contains("admin.dashboard.viewers");
        viewers.get(0).close();
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (RawClient next = viewer(cookie)) {
                assertThat(next.readHead()).contains("200 OK");
            }
        });
        viewers.get(1).close();
    }

    @Test
    void whoListensHasNothingMoreToSay() {
        String cookie = cookie(signIn(TOKEN));
        try (RawClient viewer = viewer(cookie)) {
            viewer.readHead();
            viewer.send("GET /secret HTTP/1.1\r\nHost: 127.0.0.1:" + port() + "\r\n" + cookie + "\r\n");
            assertThat(viewer.readUntilClose()).doesNotContain("secret\n");
        }
    }

    @Test
    void theHeadAloneOfTheEventsTakesNoPlace() {
        String cookie = cookie(signIn(TOKEN));
        for (int i = 0; i < 5; i++) {
            assertThat(RawClient.exchange(port(), "HEAD " + EVENTS + " HTTP/1.1\r\n" + host() + cookie + "\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }

    private RawClient viewer(String cookie) {
        return RawClient.connect(port()).send("GET " + EVENTS + " HTTP/1.1\r\n" + host() + cookie + "\r\n");
    }

    /** Reads until {@code text} was there that often. */
    private static String until(RawClient client, String text, int times) {
        StringBuilder read = new StringBuilder();
        while (read.toString().split(text, -1).length <= times) {
            read.append((char) client.readBytes(1)[0]);
        }
        return read.toString();
    }

    private RawResponse signIn(String token) {
        return change("POST", SESSION, BY + own(), token(token));
    }

    private static String token(String token) {
        return "{\"token\":\"" + token + "\"}";
    }

    private static String cookie(RawResponse signedIn) {
        String set = signedIn.header("set-cookie");
        return "Cookie: other=1; " + set.substring(0, set.indexOf(';')) + "\r\n";
    }

    private String own() {
        return "Origin: http://127.0.0.1:" + port() + "\r\nSec-Fetch-Site: same-origin\r\n";
    }

    private RawResponse get(String path, String headers) {
        return RawClient.exchange(port(), "GET " + path + " HTTP/1.1\r\n" + host() + headers + "\r\n");
    }

    private RawResponse change(String method, String path, String headers, String body) {
        return RawClient.exchange(
                port(),
                method + " " + path + " HTTP/1.1\r\n" + host() + headers + "Content-Length: " + body.length()
                        + "\r\n\r\n" + body);
    }

    private String host() {
        return "Host: 127.0.0.1:" + port() + "\r\n";
    }

    private int port() {
        return server.address().getPort();
    }

    /** Something that only operators may see and change. */
    private static final class Secret implements ChangingEndpoint {
        @Override
        public String path() {
            return "/secret";
        }

        @Override
        public String about() {
            return "a secret";
        }

        @Override
        public AdminReply answer(AdminRequest request) {
            return AdminReply.text(200, "secret");
        }

        @Override
        public AdminReply change(AdminChange change) {
            return AdminReply.text(200, "changed");
        }
    }
}
