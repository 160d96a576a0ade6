package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MethodsTest {

    @ParameterizedTest
    @CsvSource({
        "GET, true, true, true, true",
        "HEAD, true, true, true, true",
        "OPTIONS, true, true, true, true",
        "TRACE, true, true, true, true",
        "PUT, true, true, false, true",
        "DELETE, true, true, false, true",
        "POST, true, true, false, false",
        "PATCH, true, true, false, false",
        "CONNECT, true, true, false, false",
        "get, true, false, false, false",
        "Get, true, false, false, false",
        "PROPFIND, true, false, false, false",
        "M-SEARCH, true, false, false, false",
        "'', false, false, false, false",
        "'GET ', false, false, false, false",
        "GE(T, false, false, false, false",
        "GÉT, false, false, false, false",
        "'G\tT', false, false, false, false",
        "G/T, false, false, false, false",
    })
    void knowsMethods(String method, boolean token, boolean known, boolean safe, boolean idempotent) {
        assertThat(Methods.isToken(method)).isEqualTo(token);
        assertThat(Methods.known(method)).isEqualTo(known);
        assertThat(Methods.safe(method)).isEqualTo(safe);
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
