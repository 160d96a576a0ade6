package com.esperr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.TestEsper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the contract asks of a client, over real sockets; time passes when the test says so. */
class EsperClientIT {
    private final TestEsper esper = TestEsper.start();
    private final ManualTiming timing = new ManualTiming();
    private final EsperClient client = client(Fixtures.builder());

    private EsperClient client(EsperClientBuilder builder) {
        return builder.apiUrl(esper.url()).timing(timing).build();
    }

    @AfterEach
    void stop() {
        client.close();
        esper.close();
    }

    @Test
    void aDecisionIsAskedForAsTheContractSays() {
        esper.answer(EsperReply.block("too many").with("X-Esper-Decision-ID: d-1"));
        assertThat(client.checkMitigation(Fixtures.question()))
                .isEqualTo(new MitigationResult(MitigationAction.Block, null, "d-1", "too many"));
        EsperCall call = esper.decisionCalls().get(0);
        assertThat(call.request().header("x-esper-api-key")).isEqualTo(TestEsper.API_KEY);
        assertThat(call.text("/observed_at")).isEqualTo("2026-05-04T08:15:30.120Z");
        assertThat(call.text("/request/headers/x-forwarded-for")).isEqualTo("198.51.100.23");
        assertThat(call.text("/fields/probe")).isEqualTo("1");
        assertThat(esper.violations()).isEmpty();
    }

    @Test
    void aChallengeSaysWhere() {
        esper.answer(EsperReply.challenge("https://shop.test/challenge"));
        assertThat(client.checkMitigation(Fixtures.question()).redirectUrl()).isEqualTo("https://shop.test/challenge");
    }

    @Test
    void anEventIsToldAsTheContractSays() {
        esper.answerBeacon(json -> EsperReply.json(
                "{\"item_id\":\"i\",\"lookup_entity_id\":\"e\",\"active_mitigation\":{\"decision\":\"Block\"}}"));
        assertThat(client.sendBeaconEvent(Fixtures.event()))
                .isEqualTo(new BeaconReceipt("i", "e", MitigationAction.Block));
        assertThat(esper.beaconCalls().get(0).text("/fields/email")).isEqualTo("a@shop.test");
        assertThat(esper.violations()).isEmpty();
    }

    @Test
    void aProofIsVerifiedAsTheContractSays() {
        assertThat(client.verifyChallenge("good"))
                .isEqualTo(new ProofVerification(true, ManualTiming.START.plusSeconds(300)));
        esper.answerProof(json -> EsperReply.status(404));
        assertThat(client.verifyChallenge("bad").valid()).isFalse();
        assertThat(esper.calls()).extracting(call -> call.text("/proof_token")).containsExactly("good", "bad");
        assertThat(esper.violations()).isEmpty();
    }

    @Test
    void connectionsAreKept() {
        for (int i = 0; i < 20; i++) {
            client.checkMitigation(Fixtures.question());
        }
        assertThat(esper.connectionsAccepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "STATUS_429",
                "STATUS_502",
                "STATUS_503",
                "STATUS_504",
                "CLOSE_BEFORE_REPLY",
                "RESET_AT",
                "HALF_BODY"
            })
    void aFailureThatMayPassIsTriedAgainUnderTheSameKey(Fault fault) {
        esper.inject(fault, 20, 2);
        CompletableFuture<MitigationResult> result = client.checkMitigationAsync(Fixtures.question());
        assertThat(timing.passNext(Duration.ofSeconds(5)).toMillis()).isBetween(999L, 1000L);
        assertThat(timing.passNext(Duration.ofSeconds(5)).toMillis()).isBetween(1999L, 2000L);
        assertThat(result.join().action()).isEqualTo(MitigationAction.Allow);
        assertThat(esper.decisionCalls()).hasSize(3);
        assertThat(esper.decisionCalls().stream()
                        .map(call -> call.text("/idempotency_key"))
                        .distinct())
                .hasSize(1);
        assertThat(client.stats().retries()).isEqualTo(2);
    }

    @Test
    void retriesComeToAnEnd() {
        esper.inject(Fault.STATUS_503);
        CompletableFuture<BeaconReceipt> result = client.sendBeaconEventAsync(Fixtures.event());
        for (int i = 0; i < 3; i++) {
            timing.passNext(Duration.ofSeconds(10));
        }
        EsperApiException failure = failure(EsperApiException.class, result);
        assertThat(failure.status()).isEqualTo(503);
        assertThat(failure.body()).isEqualTo("{\"error\":{\"code\":\"test\",\"message\":\"status 503\"}}");
        assertThat(esper.beaconCalls()).hasSize(4);
        assertThat(timing.waiting()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"STATUS_401", "STATUS_403", "STATUS_404", "STATUS_500", "REDIRECT"})
    void aFailureThatWillNotPassIsNotTriedAgain(Fault fault) {
        esper.inject(fault);
        EsperApiException failure =
                catchThrowableOfType(EsperApiException.class, () -> client.checkMitigation(Fixtures.question()));
        assertThat(failure.problem()).isEqualTo(EsperApiException.Problem.STATUS);
        assertThat(esper.calls()).hasSize(1);
        assertThat(esper.redirectsFollowed()).isZero();
    }

    @Test
    void retryAfterIsHonoured() {
        esper.inject(Fault.STATUS_429_RETRY_AFTER, 0, 1);
        CompletableFuture<MitigationResult> result = client.checkMitigationAsync(Fixtures.question());
        assertThat(timing.passNext(Duration.ofSeconds(5))).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2500));
        assertThat(result.join().action()).isEqualTo(MitigationAction.Allow);
    }

    @Test
    void whoAsksForTooLongAPauseIsLeftAlone() {
        esper.answer(EsperReply.status(429, "Retry-After: 3600"));
        EsperApiException failure =
                catchThrowableOfType(EsperApiException.class, () -> client.checkMitigation(Fixtures.question()));
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofHours(1));
        assertThat(esper.calls()).hasSize(1);
    }

    @Test
    void nobodyListeningIsAConnectionFailure() {
        esper.inject(Fault.REFUSED);
        EsperClient once = client(Fixtures.builder().maxRetries(0));
        assertThatThrownBy(() -> once.checkMitigation(Fixtures.question()))
                .isInstanceOf(EsperConnectionException.class)
                .hasMessageStartingWith("POST /api/v1/runtime/mitigation: ");
    }

    @Test
    void theTimeoutIsForEachTry() {
        esper.inject(Fault.SILENT);
        EsperClient twice = client(Fixtures.builder().maxRetries(1).timeout(Duration.ofSeconds(2)));
        CompletableFuture<MitigationResult> result = twice.checkMitigationAsync(Fixtures.question());
        for (int attempt = 1; attempt <= 2; attempt++) {
            int calls = attempt;
            await().until(() -> esper.calls().size() == calls);
            assertThat(timing.passNext(Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(2));
            if (attempt == 1) {
                assertThat(timing.passNext(Duration.ofSeconds(1)).toMillis()).isBetween(999L, 1000L);
            }
        }
        assertThat(failure(EsperTimeoutException.class, result))
                .hasMessageContaining("no complete answer within 2000 ms");
        // A connection whose answer may still come is of no use to anybody.
        await().until(() -> esper.connectionsOpen() == 0);
    }

    @Test
    void theDeadlineIsForAllTriesAndPauses() {
        esper.inject(Fault.STATUS_503);
        EsperClient hurried = client(Fixtures.builder().deadline(Duration.ofMillis(2500)));
        CompletableFuture<MitigationResult> result = hurried.checkMitigationAsync(Fixtures.question());
        timing.passNext(Duration.ofSeconds(1));
        assertThat(failure(EsperApiException.class, result).status()).isEqualTo(503);
        assertThat(esper.calls()).hasSize(2);
        esper.heal().inject(Fault.SILENT);
        CompletableFuture<MitigationResult> silent = hurried.checkMitigationAsync(Fixtures.question());
        await().until(() -> esper.calls().size() == 3);
        assertThat(timing.passNext(Duration.ofSeconds(3))).isEqualTo(Duration.ofMillis(2500));
        failure(EsperTimeoutException.class, silent);
    }

    @Test
    void cancellingTheFutureCancelsTheCall() {
        esper.inject(Fault.SILENT);
        CompletableFuture<MitigationResult> result = client.checkMitigationAsync(Fixtures.question());
        await().until(() -> esper.calls().size() == 1);
        result.cancel(true);
        await().until(() -> esper.connectionsOpen() == 0);
        assertThat(timing.waiting()).isZero();
        assertThat(client.stats().cancelled()).isEqualTo(1);
        assertThat(client.stats().inFlight()).isZero();
    }

    @Test
    void cancellingDuringAPauseMakesNoMoreTries() {
        esper.inject(Fault.STATUS_503);
        CompletableFuture<MitigationResult> result = client.checkMitigationAsync(Fixtures.question());
        await().until(() ->
                esper.calls().size() == 1 && timing.waiting() == 1 && timing.soonestIsWithin(Duration.ofSeconds(1)));
        result.cancel(true);
        assertThat(timing.waiting()).isZero();
        timing.advance(Duration.ofHours(1));
        assertThat(esper.calls()).hasSize(1);
        assertThat(client.stats().retries()).isZero();
    }

    @Test
    void closingCancelsWhatIsUnderWayAndRefusesMore() {
        esper.inject(Fault.SILENT);
        List<CompletableFuture<MitigationResult>> results = List.of(
                client.checkMitigationAsync(Fixtures.question()), client.checkMitigationAsync(Fixtures.question()));
        client.close();
        assertThat(results).allMatch(CompletableFuture::isCancelled);
        await().until(() -> esper.connectionsOpen() == 0);
        assertThatThrownBy(() -> client.checkMitigation(Fixtures.question())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aThreadThatIsInterruptedStopsWaitingAndStaysInterrupted() throws InterruptedException {
        esper.inject(Fault.SILENT);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread asking = new Thread(() -> {
            try {
                client.checkMitigation(Fixtures.question());
            } catch (CancellationException e) {
                thrown.set(Thread.currentThread().isInterrupted() ? e : null);
            }
        });
        asking.start();
        await().until(() -> esper.calls().size() == 1);
        asking.interrupt();
        asking.join();
        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        await().until(() -> esper.connectionsOpen() == 0);
    }

    @Test
    void nothingIsSentOfACallThatIsNotValid() {
        EsperClient nobodys = new EsperClientBuilder(Map.of())
                .apiKey(Fixtures.KEY)
                .apiUrl(esper.url())
                .build();
        assertThatThrownBy(() -> nobodys.sendBeaconEvent(Fixtures.event()))
                .isInstanceOf(EsperValidationException.class)
                .hasMessage("tenant_id: missing (expected: in the event or as option tenantId)");
        failure(EsperValidationException.class, nobodys.verifyChallengeAsync(""));
        assertThat(nobodys.stats().errors(ErrorGroup.VALIDATION)).isEqualTo(2);
        assertThat(nobodys.stats().latency().count()).isZero();
        assertThat(esper.calls()).isEmpty();
    }

    @Test
    void theKeyIsNowhereEvenIfTheServiceSendsItBack() {
        esper.answer(json -> new EsperReply(
                400, List.of(), "your key " + TestEsper.API_KEY.toUpperCase(Locale.ROOT) + " " + "é".repeat(300)));
        EsperApiException failure =
                catchThrowableOfType(EsperApiException.class, () -> client.checkMitigation(Fixtures.question()));
        assertThat(failure.body()).startsWith("your key *** ééé").doesNotContainIgnoringCase(TestEsper.API_KEY);
        assertThat(failure.body().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(250, 256);
        assertThat(failure.toString()).doesNotContainIgnoringCase(TestEsper.API_KEY);
        assertThat(client.toString() + Fixtures.builder().settings()).doesNotContain(TestEsper.API_KEY);
    }

    @Test
    void figuresSayWhatHappened() {
        client.checkMitigation(Fixtures.question());
        esper.inject(Fault.STATUS_401, 0, 1);
        assertThatThrownBy(() -> client.checkMitigation(Fixtures.question())).isInstanceOf(EsperApiException.class);
        esper.inject(Fault.STATUS_503, 0, 1);
        CompletableFuture<MitigationResult> retried = client.checkMitigationAsync(Fixtures.question());
        assertThat(client.stats().inFlight()).isEqualTo(1);
        timing.passNext(Duration.ofSeconds(1));
        retried.join();
        EsperStats stats = client.stats();
        assertThat(stats).isEqualTo(new EsperStats(3, 0, 2, 1, 1, 0, 0, 0, 0, stats.latency()));
        assertThat(stats.errors()).isEqualTo(1);
        assertThat(stats.latency().count()).isEqualTo(3);
        assertThat(stats.latency().p50()).isZero();
        assertThat(stats.latency().p99()).isBetween(Duration.ofMillis(999), Duration.ofMillis(1000));
    }

    @Test
    void manyThreadsShareOneClient() {
        List<CompletableFuture<MitigationResult>> results = IntStream.range(0, 200)
                .mapToObj(i -> client.checkMitigationAsync(Fixtures.question()))
                .toList();
        assertThat(results).allMatch(result -> result.join().action() == MitigationAction.Allow);
        assertThat(client.stats().succeeded()).isEqualTo(200);
        assertThat(esper.decisionCalls().stream()
                        .map(call -> call.text("/idempotency_key"))
                        .distinct())
                .hasSize(200);
    }

    private static <E extends EsperException> E failure(Class<E> type, CompletableFuture<?> result) {
        CompletionException ended = catchThrowableOfType(CompletionException.class, result::join);
        assertThat(ended.getCause()).isInstanceOf(type);
        return type.cast(ended.getCause());
    }
}
