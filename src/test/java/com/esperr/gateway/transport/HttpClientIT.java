package com.esperr.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.transport.CallFailure.Kind;
import com.esperr.gateway.transport.LoopCaller.Call;
import com.esperr.gateway.transport.LoopCaller.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpClientIT {
    private static final Duration SHORT = Duration.ofMillis(100);

    private final TestOrigin server = TestOrigin.start();
    private LoopCaller caller = LoopCaller.to(server.url());

    @AfterEach
    void stop() {
        caller.close();
        server.close();
        assertThat(server.violations()).isEmpty();
    }

    @Test
    void aCallIsOneCleanRequest() {
        server.otherwise(Behaviours.respond(200, "fine", "X-Answer: yes"));
        Outcome outcome = caller.call("{\"q\":1}");
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.body()).isEqualTo("fine");
        assertThat(outcome.fields().get("x-answer")).isEqualTo("yes");
        ReceivedRequest request = server.onlyRequest();
        assertThat(request.rawHead())
                .isEqualTo("POST /ask HTTP/1.1\r\nHost: " + server.authority()
                        + "\r\nX-Kind: question\r\nContent-Length: 7\r\n\r\n");
        assertThat(request.bodyText()).isEqualTo("{\"q\":1}");
    }

    @ParameterizedTest
    @CsvSource({"0", "9", "10", "4095", "70000"})
    void bodiesOfEveryLengthArriveWhole(int length) {
        String body = "b".repeat(length);
        assertThat(caller.call(body).status()).isEqualTo(200);
        assertThat(server.onlyRequest().bodyText()).isEqualTo(body);
    }

    @Test
    void callsInARowShareOneConnection() {
        for (int i = 0; i < 20; i++) {
            assertThat(caller.call("x").status()).isEqualTo(200);
        }
        assertThat(server.connectionsAccepted()).isEqualTo(1);
        assertThat(caller.client().connectionsOpen()).isEqualTo(1);
        assertThat(caller.client().connectionsIdle()).isEqualTo(1);
        assertThat(caller.client().callsInFlight()).isZero();
    }

    @Test
    void callsBeyondTheConnectionsWaitForTheirTurn() {
        replaceCaller(2, 10);
        CountDownLatch go = new CountDownLatch(1);
        server.otherwise(Behaviours.stallUntil(go, Behaviours.hello()));
        List<Call> calls = begin(8, LoopCaller.PATIENCE);
        awaitConnections(2);
        go.countDown();
        calls.forEach(
                call -> assertThat(LoopCaller.await(call.outcome).status()).isEqualTo(200));
        assertThat(server.connectionsAccepted()).isEqualTo(2);
    }

    @Test
    void moreThanMayWaitAreRefusedAtOnce() {
        replaceCaller(1, 1);
        server.otherwise(Behaviours.silent());
        List<Call> calls = begin(4, LoopCaller.PATIENCE);
        assertThat(LoopCaller.await(calls.get(2).outcome).kind()).isEqualTo(Kind.OVERLOAD);
        assertThat(LoopCaller.await(calls.get(3).outcome).kind()).isEqualTo(Kind.OVERLOAD);
        assertThat(calls.get(0).outcome).isNotDone();
        assertThat(caller.client().callsInFlight()).isEqualTo(2);
    }

    @Test
    void theDeadlineEndsACallWhereverItIs() {
        replaceCaller(1, 1);
        server.otherwise(Behaviours.silent());
        begin(2, SHORT)
                .forEach(call ->
                        assertThat(LoopCaller.await(call.outcome).kind()).isEqualTo(Kind.TIMEOUT));
        server.otherwise(Behaviours.hello());
        assertThat(caller.call("x").status()).isEqualTo(200);
    }

    @Test
    void anAnswerThatComesTooLateIsNotTheNextCallsAnswer() {
        CountDownLatch late = new CountDownLatch(1);
        server.otherwise(Behaviours.inTurn(
                Behaviours.stallUntil(late, Behaviours.respond(200, "old")), Behaviours.respond(200, "new")));
        assertThat(LoopCaller.await(caller.begin("x", SHORT).outcome).kind()).isEqualTo(Kind.TIMEOUT);
        late.countDown();
        assertThat(caller.call("x").body()).isEqualTo("new");
        assertThat(server.connectionsAccepted()).isEqualTo(2);
    }

    @Test
    void aCancelledCallIsSilentAndCostsItsConnection() {
        server.otherwise(Behaviours.inTurn(Behaviours.silent(), Behaviours.hello()));
        Call call = caller.begin("x", LoopCaller.PATIENCE);
        awaitRequests(1);
        caller.onLoop(() -> call.handle.cancel());
        caller.onLoop(() -> call.handle.cancel());
        assertThat(caller.call("x").status()).isEqualTo(200);
        assertThat(call.outcome).isNotDone();
        assertThat(server.connectionsAccepted()).isEqualTo(2);
        assertThat(caller.client().callsInFlight()).isZero();
    }

    @Test
    void aRefusedConnectionIsToldToEveryCall() {
        server.stop();
        begin(6, LoopCaller.PATIENCE)
                .forEach(call ->
                        assertThat(LoopCaller.await(call.outcome).kind()).isEqualTo(Kind.CONNECT));
        assertThat(caller.client().connectionsOpen()).isZero();
    }

    @Test
    void aNameIsLookedUp() {
        replaceCaller("http://localhost:" + server.port());
        assertThat(caller.call("x").status()).isEqualTo(200);
        assertThat(server.onlyRequest().header("host")).isEqualTo("localhost:" + server.port());
    }

    @Test
    void onlyAConnectionThatWorkedBeforeGoesStale() {
        server.otherwise(Behaviours.closeWithoutReply());
        CallFailure fresh = caller.call("x").failure();
        assertThat(fresh.kind()).isEqualTo(Kind.CLOSED);
        assertThat(fresh.stale()).isFalse();
        server.otherwise(Behaviours.inTurn(Behaviours.hello(), Behaviours.closeWithoutReply()));
        assertThat(caller.call("x").status()).isEqualTo(200);
        CallFailure reused = caller.call("x").failure();
        assertThat(reused.kind()).isEqualTo(Kind.CLOSED);
        assertThat(reused.stale()).isTrue();
    }

    @Test
    void aConnectionClosedWhileIdleIsNotUsed() {
        assertThat(caller.call("x").status()).isEqualTo(200);
        server.dropConnections();
        await().until(() -> caller.client().connectionsOpen() == 0);
        assertThat(caller.client().connectionsIdle()).isZero();
        assertThat(caller.call("x").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TRUNCATED | HTTP/1.1 200 OK~Content-Length: 9~~half",
                "TRUNCATED | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~4~half~",
                "TRUNCATED | HTTP/1.1 200 O",
                "TOO_LARGE | HTTP/1.1 200 OK~Content-Length: 1001~~x",
                "TOO_LARGE | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3e9~LONG~0~~",
                "MALFORMED | HTTP/1.1 200 OK~Content-Length: 2~Content-Encoding: gzip~~ok",
                "MALFORMED | HTTP/1.1 200 OK~Content-Length: 2~Content-Length: 3~~ok",
                "MALFORMED | SMTP ready~~",
            })
    void whatIsNoAnswerIsAFailure(Kind kind, String wire) {
        server.otherwise(Behaviours.verbatimThenClose(
                wire.replace("LONG", "l".repeat(1001)).replace("~", "\r\n")));
        assertThat(caller.call("x").kind()).isEqualTo(kind);
        await().until(() -> caller.client().connectionsOpen() == 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keep  | HTTP/1.1 200 OK~Content-Length: 2~~ok",
                "keep  | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~1~o~1~k~0~~",
                "keep  | HTTP/1.1 100 Continue~~HTTP/1.1 103 Early Hints~Link: </a>~~HTTP/1.1 200 OK~Content-Length: 2~~ok",
                "keep  | HTTP/1.1 200 OK~Content-Encoding: identity~Content-Length: 2~~ok",
                "close | HTTP/1.1 200 OK~Connection: close~Content-Length: 2~~ok",
                "close | HTTP/1.0 200 OK~Content-Length: 2~~ok",
                "close | HTTP/1.1 200 OK~Content-Length: 2~~okHTTP/1.1 200 OK~Content-Length: 4~~evil",
            })
    void anAnswerInAnyFormIsReadAndTheConnectionKeptIfItMayBe(String fate, String wire) {
        server.otherwise(Behaviours.verbatim(wire.replace("~", "\r\n")));
        assertThat(caller.call("x").body()).isEqualTo("ok");
        assertThat(caller.call("x").body()).isEqualTo("ok");
        assertThat(server.connectionsAccepted()).isEqualTo(fate.equals("keep") ? 1 : 2);
    }

    @Test
    void anAnswerMayEndWithItsConnection() {
        server.otherwise(Behaviours.closeDelimited("until the end"));
        assertThat(caller.call("x").body()).isEqualTo("until the end");
    }

    @Test
    void aRedirectIsAnAnswerLikeAnyOther() {
        server.otherwise(Behaviours.respond(302, "", "Location: /elsewhere"));
        assertThat(caller.call("x").status()).isEqualTo(302);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void unusedConnectionsAreClosedInTime() {
        HttpClientConfig config = LoopCaller.config(server.url(), 4, 4, null);
        replaceCaller(new HttpClientConfig(
                config.url(), config.connectTimeout(), config.handshakeTimeout(), SHORT, 4, 4, 1000, null));
        CountDownLatch go = new CountDownLatch(1);
        server.otherwise(Behaviours.stallUntil(go, Behaviours.hello()));
        List<Call> calls = begin(3, LoopCaller.PATIENCE);
        awaitConnections(3);
        go.countDown();
        calls.forEach(call -> LoopCaller.await(call.outcome));
        await().until(() -> caller.client().connectionsOpen() == 0 && server.connectionsOpen() == 0);
    }

    @ParameterizedTest
    @ValueSource(classes = {IOException.class, IllegalStateException.class, StackOverflowError.class})
    void aBodyThatCannotBeWrittenHurtsOnlyItsOwnCall(Class<? extends Throwable> defect) {
        assertThat(caller.call("x").status()).isEqualTo(200);
        Call broken = caller.begin(
                out -> {
                    out.write('a');
                    fail(defect);
                },
                LoopCaller.PATIENCE);
        assertThat(LoopCaller.await(broken.outcome).kind()).isEqualTo(Kind.DEFECT);
        assertThat(caller.call("x").status()).isEqualTo(200);
        assertThat(server.connectionsAccepted()).isEqualTo(1);
    }

    @Test
    void aReceiverThatThrowsHurtsOnlyItself() {
        PreparedCall prepared = caller.client().prepare("POST", "/", Fields.EMPTY);
        HttpCallback broken = new HttpCallback() {
            @Override
            public void answered(int status, Fields fields, byte[] body) {
                throw new IllegalStateException("defect");
            }

            @Override
            public void failed(CallFailure failure) {
                throw new IllegalStateException("defect");
            }
        };
        long soon = System.nanoTime() + LoopCaller.PATIENCE.toNanos();
        caller.onLoop(() -> caller.client().call(prepared, out -> {}, soon, broken));
        await().until(() -> caller.client().connectionsIdle() == 1);
        server.otherwise(Behaviours.silent());
        long now = System.nanoTime() + SHORT.toNanos();
        caller.onLoop(() -> caller.client().call(prepared, out -> {}, now, broken));
        assertThat(LoopCaller.await(caller.begin("x", SHORT).outcome).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(caller.client().callsInFlight()).isZero();
        assertThat(server.connectionsAccepted()).isEqualTo(2);
    }

    @Test
    void closingEndsEveryCallAndConnection() {
        replaceCaller(1, 1);
        server.otherwise(Behaviours.silent());
        List<Call> calls = begin(2, LoopCaller.PATIENCE);
        awaitRequests(1);
        caller.client().close();
        assertThat(LoopCaller.await(calls.get(0).outcome).kind()).isEqualTo(Kind.CLOSED);
        assertThat(LoopCaller.await(calls.get(1).outcome).kind()).isEqualTo(Kind.OVERLOAD);
        assertThat(caller.call("x").kind()).isEqualTo(Kind.OVERLOAD);
        await().until(() -> caller.client().connectionsOpen() == 0);
        assertThat(caller.client().callsInFlight()).isZero();
    }

    @Test
    void callsThatExpireTogetherAreToldBeforeAnyConnectionIsClosedOrMade() {
        replaceCaller(8, 8);
        server.otherwise(Behaviours.silent());
        PreparedCall prepared = caller.client().prepare("POST", "/", Fields.EMPTY);
        List<CompletableFuture<Long>> openWhenTold = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        for (int i = 0; i < 16; i++) {
            CompletableFuture<Long> open = new CompletableFuture<>();
            openWhenTold.add(open);
            HttpCallback callback = new HttpCallback() {
                @Override
                public void answered(int status, Fields fields, byte[] body) {
                    open.completeExceptionally(new AssertionError("answered"));
                }

                @Override
                public void failed(CallFailure failure) {
                    open.complete(caller.client().connectionsOpen());
                }
            };
            caller.onLoop(() -> caller.client().call(prepared, out -> {}, deadline, callback));
        }
        awaitRequests(8);
        assertThat(openWhenTold)
                .allSatisfy(open -> assertThat(LoopCaller.await(open)).isEqualTo(8));
        await().until(() -> caller.client().connectionsOpen() == 0);
        assertThat(server.connectionsAccepted()).isEqualTo(8);
        assertThat(caller.client().callsInFlight()).isZero();
    }

    private static void fail(Class<? extends Throwable> defect) throws IOException {
        if (defect == IOException.class) {
            throw new IOException("defect");
        } else if (defect == StackOverflowError.class) {
            throw new StackOverflowError("defect");
        }
        throw new IllegalStateException("defect");
    }

    private void awaitConnections(int count) {
        await().until(() -> server.connectionsAccepted() == count);
    }

    private void awaitRequests(int count) {
        await().until(() -> server.requests().size() == count);
    }

    private List<Call> begin(int count, Duration budget) {
        return new ArrayList<>(IntStream.range(0, count)
                .mapToObj(i -> caller.begin("x", budget))
                .toList());
    }

    private void replaceCaller(int maxConnections, int maxWaiting) {
        replaceCaller(LoopCaller.config(server.url(), maxConnections, maxWaiting, null));
    }

    private void replaceCaller(String url) {
        replaceCaller(LoopCaller.config(url, 4, 4, null));
    }

    private void replaceCaller(HttpClientConfig config) {
        caller.close();
        caller = new LoopCaller(config);
    }
}
