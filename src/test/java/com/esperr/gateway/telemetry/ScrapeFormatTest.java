package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeFormatTest {
    @Test
    void withoutAcceptItIsText() {
        assertThat(ScrapeFormat.preferred(null)).isEqualTo(ScrapeFormat.TEXT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*|TEXT",
                "text/plain|TEXT",
                "application/openmetrics-text|OPEN_METRICS",
                "Application/OpenMetrics-Text; Version=1.0.0|OPEN_METRICS",
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1|OPEN_METRICS",
                "application/openmetrics-text;q=0.3,text/plain;q=0.5|TEXT",
                "application/openmetrics-text;q=0|TEXT",
                "application/openmetrics-text;q=much|TEXT",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited|TEXT",
                "application/vnd.google.protobuf;q=0.7,application/openmetrics-text;q=0.6,text/plain;q=0.5|OPEN_METRICS",
                ";,;;q=|TEXT"
            })
    void theHeavierOfTheTwoTextFormsIsChosen(String accept, ScrapeFormat expected) {
        assertThat(ScrapeFormat.preferred(accept)).isEqualTo(expected);
    }
}
