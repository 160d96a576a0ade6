package com.esperr.gateway.decision;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.failure.Side;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.request.Tier;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTableTest {
    private static final String CHALLENGE_URL = "https://challenge.test/?back={return_url}&ref={reference}";

    static Stream<FailureReason> failures() {
        return Stream.of(FailureReason.values()).filter(reason -> reason.side() == Side.DECISION);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void byDefaultNormalRoutesStayOpenAndSensitiveOnesDoNot(FailureReason failure) {
        FailureTable table = Tables.reference();
        Action normal = failure == FailureReason.CHALLENGE_UNUSABLE ? Action.BLOCK : Action.ALLOW;
        assertThat(decide(table, failure, Tier.NORMAL).action()).isEqualTo(normal);
        assertThat(decide(table, failure, Tier.SENSITIVE).action()).isEqualTo(Action.BLOCK);
        assertThat(table.opensSensitive()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyCellCanBeChangedByItself(FailureReason failure) {
        String key =
                failure.name().replace("DECISION_", "").toLowerCase(Locale.ROOT).replace('_', '-');
        FailureTable table =
                Tables.load(Map.of("failure.sensitive." + key, "open")).value();
        assertThat(failures().filter(each -> table.action(each, Tier.SENSITIVE) == FailureAction.OPEN))
                .containsExactly(failure);
        assertThat(table.opensSensitive()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aDecisionSaysWhichFailureItStandsInFor(FailureReason failure) {
        Cause cause = decide(Tables.reference(), failure, Tier.SENSITIVE).cause();
        assertThat(cause.source()).isEqualTo("failure");
        assertThat(cause.failure()).isEqualTo(failure);
        assertThat(cause.reason()).isEqualTo("why");
    }

    @Test
    void aChallengeCellSendsToTheGatewaysOwnChallenge() {
        FailureTable table = Tables.load(Map.of("failure.normal.timeout", "challenge", "challenge.url", CHALLENGE_URL))
                .value();
        RequestContext request = Requests.get("/a b?x=1".replace(' ', '+')).context();
        assertThat(table.decide(FailureReason.DECISION_TIMEOUT, "why", request))
                .isInstanceOfSatisfying(
                        Decision.Challenge.class,
                        challenge -> assertThat(challenge.redirectUrl())
                                .isEqualTo("https://challenge.test/?back=https%3A%2F%2Fshop.test%2Fa%2Bb%3Fx%3D1&ref="
                                        + request.reference()));
    }

    @Test
    void aChallengeCellNeedsAChallenge() {
        assertThat(Tables.load(Map.of("failure.normal.timeout", "challenge")).problems())
                .singleElement()
                .asString()
                .contains(
                        "failure.normal.timeout: challenge (expected: open or closed, because challenge.url is not set)");
    }

    @Test
    void theTableIsPrintedInPlainText() {
        assertThat(Tables.load(Map.of("failure.sensitive.overload", "open"))
                        .value()
                        .render()
                        .lines()
                        .map(String::stripTrailing))
                .containsExactly(
                        "when a question      normal     sensitive",
                        "connect              open       closed",
                        "timeout              open       closed",
                        "server-error         open       closed",
                        "unauthorized         open       closed",
                        "rate-limited         open       closed",
                        "malformed            open       closed",
                        "challenge-unusable   closed     closed",
                        "overload             open       open",
                        "stale                open       closed");
    }

    @Test
    void theTableInAFewWordsNamesWhatDiffers() {
        assertThat(Tables.load(Map.of("failure.sensitive.overload", "open", "failure.sensitive.timeout", "open"))
                        .value()
                        .summary())
                .isEqualTo("normal open (challenge-unusable closed), sensitive closed (timeout open, overload open)");
    }

    private static Decision decide(FailureTable table, FailureReason failure, Tier tier) {
        return table.decide(failure, "why", Requests.get("/").tier(tier).context());
    }
}
