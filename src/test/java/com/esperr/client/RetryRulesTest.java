package com.esperr.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryRulesTest {
    private static final EsperException BROKEN = new EsperConnectionException("broken", null);

    private final RetryRules rules = new RetryRules(5, Duration.ofSeconds(1), Duration.ofSeconds(10));

    private static EsperException status(int status, Duration retryAfter) {
        return new EsperApiException(EsperApiException.Problem.STATUS, "status", status, "", retryAfter);
    }

    @ParameterizedTest
    @CsvSource({"0, 500, 1000", "1, 1000, 2000", "2, 2000, 4000", "3, 4000, 8000", "4, 5000, 10000"})
    void pausesDoubleUpToALimitAndHalfOfThemIsChance(int retriesDone, long shortest, long longest) {
        assertThat(rules.pause(BROKEN, retriesDone, 0)).isEqualTo(Duration.ofMillis(shortest));
        assertThat(rules.pause(BROKEN, retriesDone, Math.nextDown(1.0)))
                .isBetween(Duration.ofMillis(longest - 1), Duration.ofMillis(longest));
    }

    @Test
    void thereAreSoManyRetriesAndNoMore() {
        assertThat(rules.pause(BROKEN, 4, 0)).isNotNull();
        assertThat(rules.pause(BROKEN, 5, 0)).isNull();
        assertThat(new RetryRules(0, Duration.ofSeconds(1), Duration.ofSeconds(1)).pause(BROKEN, 0, 0))
                .isNull();
        assertThat(new RetryRules(100, Duration.ofHours(1), Duration.ofHours(1)).pause(BROKEN, 99, 0))
                .isEqualTo(Duration.ofMinutes(30));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void whatMayPassIsTriedAgain(int status) {
        assertThat(rules.pause(status(status, null), 0, 0)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 301, 302, 400, 401, 403, 404, 408, 409, 418, 422, 500, 501, 505})
    void whatWillNotPassIsNot(int status) {
        assertThat(rules.pause(status(status, null), 0, 0)).isNull();
    }

    @Test
    void timeoutsAreTriedAgainAndRefusedCertificatesAreNot() {
        assertThat(rules.pause(new EsperTimeoutException("late", null), 0, 0)).isNotNull();
        Exception untrusted = new Exception(new CertificateException("nobody's"));
        assertThat(rules.pause(new EsperConnectionException("broken", untrusted), 0, 0))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5", "1, 1", "7, 7", "10, 10", "11, ", "999999999, "})
    void aServiceThatAsksForAPauseGetsItOrIsLeftAlone(long asked, Double seconds) {
        Duration pause = rules.pause(status(429, Duration.ofSeconds(asked)), 0, 0);
        assertThat(pause).isEqualTo(seconds == null ? null : Duration.ofMillis((long) (seconds * 1000)));
    }

    @Test
    void notEverybodyComesBackAtTheSameMoment() {
        Duration late = rules.pause(status(503, Duration.ofSeconds(7)), 0, Math.nextDown(1.0));
        assertThat(late).isBetween(Duration.ofMillis(7499), Duration.ofMillis(7500));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | PT0S",
                "2 | PT2S",
                " 120  | PT2M",
                "Mon, 04 May 2026 08:16:30 GMT | PT1M",
                "Mon, 04 May 2026 08:15:30 GMT | PT0S",
                "Sun, 03 May 2026 08:15:30 GMT | PT0S",
                "-1 |",
                "1.5 |",
                "9999999999 |",
                "soon |",
            })
    void retryAfterIsSecondsOrADate(String value, Duration expected) {
        HttpHeaders headers = HttpHeaders.of(Map.of("Retry-After", List.of(value)), (name, text) -> true);
        assertThat(RetryAfter.of(headers, Instant.parse("2026-05-04T08:15:30Z")))
                .isEqualTo(expected);
    }
}
