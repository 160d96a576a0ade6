package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MethodsTest {

    @ParameterizedTest
    @CsvSource({
        "GET, true, true",
        "HEAD, true, true",
        "OPTIONS, true, true",
        "TRACE, true, true",
        "PUT, true, true",
        "DELETE, true, true",
        "POST, true, false",
        "PATCH, true, false",
        "CONNECT, true, false",
        "get, true, false",
        "Get, true, false",
        "PROPFIND, true, false",
        "M-SEARCH, true, false",
        "'', false, false",
        "'GET ', false, false",
        "GE(T, false, false",
        "GÉT, false, false",
        "'G\tT', false, false",
        "G/T, false, false",
    })
    void knowsMethods(String method, boolean token, boolean idempotent) {
        assertThat(Methods.isToken(method)).isEqualTo(token);
        assertThat(Methods.idempotent(method)).isEqualTo(idempotent);
    }

    @Test
    void aTokenHoldsTokenCharactersOnly() {
        String separators = "\"(),/:;<=>?@[\\]{}";
        for (char c = 0; c < 256; c++) {
            boolean expected = c > ' ' && c < 0x7f && separators.indexOf(c) < 0;
            assertThat(Methods.isToken(String.valueOf(c))).as("%d", (int) c).isEqualTo(expected);
        }
    }
}
