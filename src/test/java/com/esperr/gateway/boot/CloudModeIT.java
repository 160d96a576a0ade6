package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHeaders;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.Wire;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mode cloud with a service that works: what is asked, what is kept back, and what becomes of each answer. */
class CloudModeIT {

    private static final String HOST = " HTTP/1.1\r\nHost: gw.test\r\n";
    private static final String NAVIGATION = HOST + "Accept: text/html\r\nSec-Fetch-Mode: navigate\r\n";
    private static final String API = HOST + "Accept: application/json\r\n";

    private static TestOrigin origin;
    private static TestEsper esper;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        origin = TestOrigin.start();
        esper = TestEsper.start();
        gateway = TestGateway.start(
                """
                routes = [ { path = "/assets/**", tier = exempt }, { path = "/shops/{shop}/{item}", tier = normal } ]
                """,
                Map.of(
                        "mode", "cloud",
                        "origin.url", origin.url(),
                        "esper.api-url", esper.url(),
                        "esper.api-key", TestEsper.API_KEY,
                        "esper.source", "edge-1",
                        "esper.connect-timeout", "20s",
                        "decision.timeout", "20s",
                        "runtime.event-loops", "1"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        esper.close();
        origin.close();
    }

    @BeforeEach
    void forget() {
        origin.forget();
        esper.forget();
        esper.answer(EsperReply.allow());
    }

    @AfterEach
    void everybodyKeptTheRules() {
        assertThat(esper.violations()).isEmpty();
        assertThat(esper.unauthorized()).isZero();
        assertThat(origin.violations()).isEmpty();
    }

    @Test
    void anAllowedRequestIsForwardedAndNothingIsSaidAboutIt() {
        RawResponse response = ask("GET /page?a=1" + NAVIGATION + "\r\n");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyText()).isEqualTo("GET /page?a=1\n");
        assertThat(origin.onlyRequest().headers().has("esper-decision")).isFalse();
        assertThat(esper.decisionCalls()).hasSize(1);
    }

    @Test
    void aBlockedRequestNeverReachesTheOrigin() {
        esper.answer(EsperReply.block("scraper, says canary-reason"));
        RawResponse page = ask("GET /" + NAVIGATION + "\r\n");
        assertThat(page.status()).isEqualTo(403);
        assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
        checkOwn(page, "block");
        RawResponse problem = ask("POST /" + API + "Content-Length: 3\r\n\r\nabc");
        assertThat(problem.status()).isEqualTo(403);
        assertThat(problem.header("content-type")).isEqualTo("application/problem+json");
        checkOwn(problem, "block");
        assertThat(page.bodyText() + problem.bodyText()).doesNotContain("canary-reason");
        assertThat(origin.requests()).isEmpty();
    }

    @Test
    void aChallengedNavigationIsRedirectedAndItsBodyStaysHere() {
        String url = esper.url() + "/challenge/s-1?x=1&y=2";
        esper.answer(EsperReply.challenge(url));
        RawResponse get = ask("GET /basket?step=2" + NAVIGATION + "\r\n");
        assertThat(get.status()).isEqualTo(302);
        assertThat(get.header("location")).isEqualTo(url);
        checkOwn(get, "challenge");
        RawResponse head = ask("HEAD /basket" + NAVIGATION + "\r\n");
        assertThat(head.status()).isEqualTo(302);
        RawResponse post = ask("POST /basket" + NAVIGATION + "Content-Length: 3\r\n\r\nabc");
        assertThat(post.status()).isEqualTo(303);
        assertThat(post.header("location")).isEqualTo(url);
        checkOwn(post, "challenge");
        assertThat(origin.requests()).isEmpty();
    }

    @Test
    void aChallengedProgramIsToldTheUrl() {
        String url = esper.url() + "/challenge/s-2";
        esper.answer(EsperReply.challenge(url));
        RawResponse response = ask("GET /api" + API + "\r\n");
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.header("content-type")).isEqualTo("application/problem+json");
        assertThat(response.bodyText()).contains("\"challenge_url\":\"" + url + "\"");
        assertThat(response.headers().has("location")).isFalse();
        checkOwn(response, "challenge");
        assertThat(origin.requests()).isEmpty();
    }

    @Test
    void aPreflightIsNeverChallengedButCanBeBlocked() {
        String preflight =
                "OPTIONS /api" + HOST + "Origin: https://app.test\r\nAccess-Control-Request-Method: PUT\r\n\r\n";
        esper.answer(EsperReply.challenge(esper.url() + "/challenge/s-3"));
        assertThat(ask(preflight).status()).isEqualTo(200);
        assertThat(origin.onlyRequest().method()).isEqualTo("OPTIONS");
        esper.answer(EsperReply.block("no"));
        RawResponse blocked = ask(preflight);
        assertThat(blocked.status()).isEqualTo(403);
        assertThat(blocked.headers().has("content-type")).isFalse();
        assertThat(blocked.bodyText()).isEmpty();
        assertThat(origin.requests()).hasSize(1);
    }

    @Test
    void theQuestionSaysWhatTheContractAsksFor() {
        ask("POST /shops/7/a%20b?q=1&q=2&e=%C3%A9" + HOST
                + "User-Agent: curl/8.7.1\r\nAccept: */*\r\nX-Other: canary\r\nContent-Length: 2\r\n\r\nhi");
        EsperCall call = onlyCall();
        assertThat(call.text("/source")).isEqualTo("edge-1");
        assertThat(call.text("/return_url")).isEqualTo("http://gw.test/shops/7/a%20b?q=1&q=2&e=%C3%A9");
        assertThat(call.text("/request/method")).isEqualTo("POST");
        assertThat(call.text("/request/path")).isEqualTo("/shops/7/a%20b");
        assertThat(call.text("/request/query_params/q")).isEqualTo("2");
        assertThat(call.text("/request/query_params/e")).isEqualTo("\u00e9");
        assertThat(call.text("/request/route_params/shop")).isEqualTo("7");
        assertThat(call.text("/request/route_params/item")).isEqualTo("a b");
        assertThat(call.text("/request/client_ip")).isEqualTo("127.0.0.1");
        assertThat(call.text("/request/user_agent")).isEqualTo("curl/8.7.1");
        assertThat(call.text("/request/headers/x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(call.text("/request/headers/accept")).isEqualTo("*/*");
        assertThat(call.json().at("/request/headers/x-other").isMissingNode()).isTrue();
        assertThat(call.text("/fields/probe")).isEqualTo("1");
    }

    @Test
    void secretsOfTheVisitorReachTheOriginAndNobodyElse() {
        ask("POST /login" + HOST
                + "Cookie: sid=canary-cookie; b=canary-cookie\r\nAuthorization: Bearer canary-token\r\n"
                + "X-Api-Key: canary-key\r\nContent-Length: 11\r\n\r\ncanary-body");
        ReceivedRequest seen = origin.onlyRequest();
        assertThat(seen.header("cookie")).isEqualTo("sid=canary-cookie; b=canary-cookie");
        assertThat(seen.header("authorization")).isEqualTo("Bearer canary-token");
        assertThat(seen.bodyText()).isEqualTo("canary-body");
        ReceivedRequest question = onlyCall().request();
        assertThat(question.rawHead() + Wire.text(question.body())).doesNotContain("canary");
    }

    @Test
    void nobodyCanSpeakInTheGatewaysName() {
        ask("GET /" + HOST
                + "Esper-Decision: allow\r\nX-Esper-Api-Key: " + TestEsper.API_KEY
                + "\r\nX-Esper-Hybrid-Key: forged\r\nX-Esper-Decision-ID: forged\r\nesper_decision: forged\r\n"
                + "Esper-Anything: forged\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
        RawHeaders seen = origin.onlyRequest().headers();
        assertThat(seen.fields())
                .extracting(field -> field.name().toLowerCase(Locale.ROOT))
                .noneMatch(name -> name.startsWith("esper") || name.startsWith("x-esper"));
        ReceivedRequest question = onlyCall().request();
        assertThat(question.headers().all("x-esper-api-key")).containsExactly(TestEsper.API_KEY);
        assertThat(Wire.text(question.body())).doesNotContain("forged", "203.0.113.9");
    }

    @Test
    void theSecondTryIsTheSameQuestion() {
        esper.inject(Fault.STATUS_503, 0, 1);
        assertThat(ask("GET /" + NAVIGATION + "\r\n").status()).isEqualTo(200);
        List<EsperCall> calls = esper.decisionCalls();
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).text("/idempotency_key"))
                .isEqualTo(calls.get(1).text("/idempotency_key"))
                .isNotEmpty();
        assertThat(origin.onlyRequest().headers().has("esper-decision")).isFalse();
        esper.forget();
        ask("GET /" + NAVIGATION + "\r\n");
        assertThat(onlyCall().text("/idempotency_key"))
                .isNotEqualTo(calls.get(0).text("/idempotency_key"));
    }

    @Test
    void anExemptRouteIsNotAskedAbout() {
        esper.answer(EsperReply.block("everything"));
        assertThat(ask("GET /assets/app.js" + HOST + "\r\n").status()).isEqualTo(200);
        assertThat(ask("GET /assets/../page" + HOST + "\r\n").status()).isIn(400, 403);
        assertThat(esper.decisionCalls()).hasSizeLessThanOrEqualTo(1);
        assertThat(origin.onlyRequest().target()).isEqualTo("/assets/app.js");
    }

    @Test
    void theOriginHearsNothingWhileTheQuestionIsOpen() {
        esper.inject(Fault.SLOW, 0, 1);
        int length = 300_000;
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST /held" + HOST + "Content-Length: " + length + "\r\n\r\n");
            await().until(() -> !esper.decisionCalls().isEmpty());
            Thread sender = new Thread(() -> client.sendPattern(length), "sender");
            sender.start();
            assertThat(origin.requests()).isEmpty();
            esper.release();
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(origin.onlyRequest().bodyCrc32()).isEqualTo(Pattern.crc32(length));
        }
        esper.heal();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aVisitorWhoLeavesTakesTheQuestionAlong(boolean reset) {
        esper.inject(Fault.SILENT);
        MetricsSnapshot before = gateway.metrics();
        RawClient client = RawClient.connect(gateway.port()).send("GET /gone" + NAVIGATION + "\r\n");
        await().until(() -> !esper.decisionCalls().isEmpty());
        if (reset) {
            client.reset();
        } else {
            client.close();
        }
        await().untilAsserted(() -> {
            MetricsSnapshot now = gateway.metrics();
            assertThat(now.sum("esper_requests_open")).isZero();
            assertThat(now.sum("esper_decision_connections", "state=leased")).isZero();
            assertThat(now.sum("esper_decision_waiting")).isZero();
            assertThat(now.movedSince(before, "esper_requests_total").keySet())
                    .singleElement()
                    .asString()
                    .contains("outcome=\"aborted\"");
            assertThat(now.movedSince(before, "esper_decisions_total")).isEmpty();
        });
        await().until(() -> esper.connectionsOpen() == 0);
        assertThat(origin.requests()).isEmpty();
        esper.heal();
        assertThat(ask("GET /" + NAVIGATION + "\r\n").status()).isEqualTo(200);
    }

    @Test
    void oneConnectionToTheServiceIsEnoughForOneQuestionAfterTheOther() {
        ask("GET /" + NAVIGATION + "\r\n");
        int before = esper.connectionsAccepted();
        for (int i = 0; i < 20; i++) {
            ask("GET /" + i + NAVIGATION + "\r\n");
        }
        assertThat(esper.connectionsAccepted()).isEqualTo(before);
        assertThat(gateway.metrics().sum("esper_decision_connections", "state=idle"))
                .isEqualTo(1);
    }

    @Test
    void pipelinedRequestsAreEachAskedAboutAndAnsweredInOrder() {
        esper.answer(
                json -> json.at("/request/path").asText().endsWith("3") ? EsperReply.block("3") : EsperReply.allow());
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            requests.append("POST /p").append(i).append(API).append("Content-Length: 2\r\n\r\nok");
        }
        try (RawClient client = RawClient.connect(gateway.port()).send(requests.toString())) {
            for (int i = 0; i < 5; i++) {
                RawResponse response = client.readResponse();
                assertThat(response.status()).isEqualTo(i == 3 ? 403 : 200);
                assertThat(i == 3 || response.bodyText().equals("POST /p" + i + "\n"))
                        .isTrue();
            }
        }
        assertThat(esper.decisionCalls()).hasSize(5);
        assertThat(origin.awaitRequests(4))
                .extracting(ReceivedRequest::bodyText)
                .containsOnly("ok");
    }

    private static void checkOwn(RawResponse response, String mitigated) {
        assertThat(response.header("esper-mitigated")).isEqualTo(mitigated);
        assertThat(response.header("cache-control")).isEqualTo("no-store");
        assertThat(response.bodyText()).contains(response.headers().only("esper-reference"));
    }

    private static EsperCall onlyCall() {
        assertThat(esper.decisionCalls()).hasSize(1);
        return esper.decisionCalls().get(0);
    }

    private static RawResponse ask(String request) {
        return RawClient.exchange(gateway.port(), request);
    }
}
