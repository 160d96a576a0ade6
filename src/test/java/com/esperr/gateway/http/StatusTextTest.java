package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTextTest {
    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void whoIsSentElsewhereIsNotToldOfARefusal(int status) {
        assertThat(StatusText.reason(status)).doesNotContain("Refused");
    }
}
