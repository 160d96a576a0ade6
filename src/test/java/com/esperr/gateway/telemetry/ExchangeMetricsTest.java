package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Moment;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.failure.FailureReason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExchangeMetricsTest {
    private final Metrics metrics = new Metrics();
    private final ExchangeMetrics listener = new ExchangeMetrics(metrics, List.of("local", "cloud"));

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void requestsAreCountedByOutcomeAndStatusClass() {
        listener.finished(Exchanges.of().answer(Outcome.FORWARDED, 204).record());
        listener.finished(Exchanges.of().answer(Outcome.FORWARDED, 200).record());
        listener.finished(Exchanges.of().answer(Outcome.ABORTED, 0).record());
        Exposition shown = shown();
        assertThat(shown.value("esper_requests_total", "outcome", "forwarded", "status_class", "2xx"))
                .isEqualTo(2);
        assertThat(shown.value("esper_requests_total", "outcome", "aborted", "status_class", "none"))
                .isEqualTo(1);
        assertThat(shown.value("esper_requests_total", "outcome", "blocked", "status_class", "4xx"))
                .isZero();
    }

    @Test
    void phasesGoIntoFixedBucketsAndMissingOnesNowhere() {
        listener.finished(Exchanges.of()
                .decided(new Decision.Allow(Cause.of("local")))
                .at(Moment.DECISION_ASKED, 1_000)
                .at(Moment.DECIDED, 8_000)
                .at(Moment.UPSTREAM_CONNECTED, 10_000)
                .at(Moment.RESPONSE_STARTED, 2_010_000)
                .record());
        listener.finished(Exchanges.of().record());
        Exposition shown = shown();
        assertThat(shown.value("esper_request_seconds_bucket", "le", "0.005")).isEqualTo(2);
        assertThat(shown.value("esper_request_seconds_bucket", "le", "0.0025")).isZero();
        assertThat(shown.value("esper_decision_seconds_bucket", "source", "local", "le", "1.0E-5"))
                .isEqualTo(1);
        assertThat(shown.value("esper_decision_seconds_bucket", "source", "local", "le", "5.0E-6"))
                .isZero();
        assertThat(shown.value("esper_upstream_seconds_count")).isEqualTo(1);
        assertThat(shown.value("esper_upstream_seconds_sum")).isEqualTo(0.002);
    }

    @Test
    void decisionsAreCountedByActionSourceAndCause() {
        listener.finished(allowed(Cause.DEFAULT));
        listener.finished(allowed(Cause.EXEMPT));
        listener.finished(allowed(Cause.of("cloud")));
        listener.finished(Exchanges.of()
                .decided(new Decision.Block(Exchanges.policy("local", "scrapers")))
                .record());
        Exposition shown = shown();
        assertThat(decisions(shown, "allow", "default", "default")).isEqualTo(1);
        assertThat(decisions(shown, "allow", "exempt", "exempt")).isEqualTo(1);
        assertThat(decisions(shown, "allow", "cloud", "answer")).isEqualTo(1);
        assertThat(decisions(shown, "block", "local", "policy")).isEqualTo(1);
    }

    @Test
    void aFailedQuestionThatLetsThroughIsAFailureAndAFailOpen() {
        listener.finished(allowed(Cause.failed(FailureReason.DECISION_TIMEOUT, null)));
        listener.finished(Exchanges.of()
                .decided(new Decision.Block(Cause.failed(FailureReason.DECISION_TIMEOUT, null)))
                .record());
        Exposition shown = shown();
        assertThat(shown.value("esper_fail_open_total", "reason", "decision_timeout"))
                .isEqualTo(1);
        assertThat(shown.value("esper_failures_total", "side", "decision", "reason", "decision_timeout"))
                .isEqualTo(2);
        assertThat(decisions(shown, "allow", "failure", "decision_timeout")).isEqualTo(1);
    }

    @Test
    void aFailedQuestionThatWouldHaveBlockedButWasOnlyWatchedIsAFailOpen() {
        listener.finished(Exchanges.of()
                .decided(new Decision.Block(Cause.failed(FailureReason.DECISION_TIMEOUT, null)))
                .watched()
                .record());
        assertThat(shown().value("esper_fail_open_total", "reason", "decision_timeout"))
                .isEqualTo(1);
    }

    @Test
    void failedRequestsAreCountedBySideAndReason() {
        listener.finished(Exchanges.of()
                .failed(FailureReason.ORIGIN_TIMEOUT, "slow")
                .answer(Outcome.FAILED, 504)
                .record());
        assertThat(shown().value("esper_failures_total", "side", "origin", "reason", "origin_timeout"))
                .isEqualTo(1);
    }

    @Test
    void whatWasOnlyWatchedIsCountedApart() {
        listener.finished(allowed(Exchanges.observed("local", "scrapers", Action.CHALLENGE)));
        listener.finished(Exchanges.of()
                .decided(new Decision.Block(Exchanges.policy("local", "logins")))
                .watched()
                .record());
        Exposition shown = shown();
        assertThat(shown.value("esper_decisions_observed_total", "action", "challenge"))
                .isEqualTo(1);
        assertThat(shown.value("esper_decisions_observed_total", "action", "block"))
                .isEqualTo(1);
    }

    @Test
    void namesThatWereNotKnownAtTheStartAddNoSeries() {
        for (Action action : Action.values()) {
            finish(action, "other", "other");
        }
        Set<String> before = series();
        IntStream.range(0, 500).forEach(i -> finish(Action.BLOCK, "source-" + i, "policy-" + i));
        assertThat(series()).isEqualTo(before);
    }

    @Test
    void everySeriesHasTheLabelsOfTheCatalogue() {
        finish(Action.ALLOW, "local", "scrapers");
        Exposition shown = shown();
        for (MeterName name : MeterName.values()) {
            shown.samples().stream()
                    .filter(sample -> sample.name().equals(name.exposed()))
                    .forEach(sample -> assertThat(sample.labels().keySet())
                            .as(name.exposed())
                            .containsExactlyInAnyOrderElementsOf(name.labels()));
        }
    }

    private void finish(Action action, String source, String policy) {
        Cause cause = Exchanges.policy(source, policy);
        listener.finished(Exchanges.of()
                .decided(
                        switch (action) {
                            case ALLOW -> new Decision.Allow(cause);
                            case CHALLENGE -> new Decision.Challenge("/challenge", cause);
                            case BLOCK -> new Decision.Block(cause);
                        })
                .record());
    }

    private static ExchangeRecord allowed(Cause cause) {
        return Exchanges.of().decided(new Decision.Allow(cause)).record();
    }

    private static double decisions(Exposition shown, String action, String source, String cause) {
        return shown.value("esper_decisions_total", "action", action, "source", source, "cause", cause);
    }

    private Set<String> series() {
        Set<String> names = new HashSet<>();
        shown().samples().stream()
                .filter(sample -> sample.name().startsWith("esper_"))
                .forEach(sample -> names.add(sample.name() + sample.labels()));
        return names;
    }

    private Exposition shown() {
        return Exposition.of(metrics.scrape(null));
    }
}
