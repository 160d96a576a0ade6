package com.esperr.gateway.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.cloud.Asker.Outcome;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.testkit.TestEsper;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which the service can fail, against real sockets: each ends as its own failure, and as nothing else. */
class FaultsIT {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Map<Fault.Kind, FailureReason> REASONS = new EnumMap<>(Map.of(
            Fault.Kind.CONNECT, FailureReason.DECISION_CONNECT,
            Fault.Kind.TIMEOUT, FailureReason.DECISION_TIMEOUT,
            Fault.Kind.SERVER_ERROR, FailureReason.DECISION_SERVER_ERROR,
            Fault.Kind.UNAUTHORIZED, FailureReason.DECISION_UNAUTHORIZED,
            Fault.Kind.RATE_LIMITED, FailureReason.DECISION_RATE_LIMITED,
            Fault.Kind.MALFORMED, FailureReason.DECISION_MALFORMED,
            Fault.Kind.CHALLENGE_UNUSABLE, FailureReason.CHALLENGE_UNUSABLE));

    private final Logged logged = Logged.below("ROOT");
    private final TestEsper esper = TestEsper.start();
    private final Asker asker = new Asker(esper, "");

    static IntStream cuts() {
        return IntStream.range(0, TestEsper.replyLength()).filter(at -> at < 30 || at % 7 == 0);
    }

    @AfterEach
    void stop() {
        asker.close();
        esper.close();
        logged.close();
        assertThat(esper.violations()).isEmpty();
        assertThat(logged.lines()).noneMatch(line -> line.contains(TestEsper.API_KEY));
    }

    @ParameterizedTest
    @EnumSource
    void everyFaultIsFiledUnderItsClass(Fault fault) {
        esper.inject(fault, 20);
        Outcome outcome = asker.ask(fault.isSlow() ? SHORT : Asker.PATIENCE);
        if (fault.kinds().contains(Fault.Kind.HARMLESS)) {
            assertThat(outcome.decision().action()).isEqualTo(Action.ALLOW);
        } else {
            assertThat(outcome.decision()).isNull();
            assertThat(outcome.failure()).isIn(reasons(fault));
            assertThat(outcome.detail()).matches("[ -~]+").doesNotContain(TestEsper.API_KEY);
            assertThat(asker.source.failures(outcome.failure())).isEqualTo(1);
        }
        assertThat(esper.redirectsFollowed()).isZero();
        assertThat(asker.source.callsInFlight()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void afterAFaultTheNextQuestionIsAnsweredRight(Fault fault) {
        esper.inject(fault, 20);
        asker.ask(fault.isSlow() ? SHORT : Asker.PATIENCE);
        esper.heal();
        asker.clock.advance(Duration.ofMinutes(2));
        esper.answer(EsperReply.block("now"));
        assertThat(asker.ask().decision().action()).isEqualTo(Action.BLOCK);
        assertThat(asker.source.trouble()).isNull();
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void anAnswerThatIsResetAtAnyByteIsNoAnswer(int at) {
        esper.inject(Fault.RESET_AT, at);
        assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_CONNECT);
        assertThat(esper.decisionCalls()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void anAnswerThatStopsAtAnyByteIsTooLate(int at) {
        esper.inject(Fault.STALL_AT, at);
        assertThat(asker.ask(Duration.ofMillis(30)).failure()).isEqualTo(FailureReason.DECISION_TIMEOUT);
    }

    @Test
    void aLateAnswerIsNotTheNextQuestionsAnswer() {
        esper.inject(Fault.SLOW, 0, 1);
        assertThat(asker.ask(SHORT).failure()).isEqualTo(FailureReason.DECISION_TIMEOUT);
        esper.answer(EsperReply.block("the next"));
        esper.release();
        assertThat(asker.ask().decision().action()).isEqualTo(Action.BLOCK);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "STATUS_502",
                "STATUS_503",
                "STATUS_504",
                "CLOSE_BEFORE_REPLY",
                "RESET_AT",
                "HALF_BODY",
            })
    void aFailureThatMayPassIsTriedOnceMoreUnderTheSameKey(Fault fault) {
        esper.inject(fault, 0, 1);
        assertThat(asker.ask().decision().action()).isEqualTo(Action.ALLOW);
        List<String> keys = esper.decisionCalls().stream()
                .map(call -> call.text("/idempotency_key"))
                .toList();
        assertThat(keys).hasSize(2);
        assertThat(keys.get(0)).isEqualTo(keys.get(1)).isNotEmpty();
        assertThat(asker.source.retries()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "STATUS_500",
                "STATUS_503_RETRY_AFTER",
                "STATUS_401",
                "STATUS_404",
                "STATUS_429",
                "GARBAGE",
                "UNKNOWN_ACTION",
                "NOT_HTTP",
                "CHALLENGE_WITHOUT_URL",
            })
    void anyOtherFailureIsNotRepeated(Fault fault) {
        esper.inject(fault, 0, 1);
        assertThat(asker.ask().failure()).isNotNull();
        assertThat(esper.decisionCalls()).hasSize(1);
    }

    @Test
    void theSecondTryIsTheLast() {
        esper.inject(Fault.STATUS_503);
        assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_SERVER_ERROR);
        assertThat(esper.decisionCalls()).hasSize(2);
    }

    @Test
    void aServiceThatRepeatsTheKeyDoesNotGetItIntoTheLog() {
        esper.answer(new EsperReply(400, List.of(), "{\"error\":\"bad key " + TestEsper.API_KEY + "\"}"));
        assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_MALFORMED);
        asker.clock.advance(Duration.ofMinutes(2));
        esper.answer(EsperReply.json("{\"action\":\"" + TestEsper.API_KEY + "\"}"));
        assertThat(asker.ask().detail()).startsWith("action: *** ");
        esper.answer(EsperReply.challenge("https://" + TestEsper.API_KEY.toUpperCase(Locale.ROOT) + "/"));
        assertThat(asker.ask().detail()).startsWith("redirect_url: *** ");
        await().until(() -> logged.lines().stream().anyMatch(line -> line.contains("bad key ***")));
    }

    private static Set<FailureReason> reasons(Fault fault) {
        return fault.kinds().stream().map(REASONS::get).collect(Collectors.toSet());
    }
}
