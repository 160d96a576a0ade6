package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A slash in the table separates header lines. */
class CookiesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\0',
            nullValues = "-",
            value = {
                "a=1 ~ a=1",
                "a=1; b=2 ~ a=1|b=2",
                "a=1;b=2;a=3 ~ a=1|b=2|a=3",
                "a=1/b=2 ~ a=1|b=2",
                "a= ~ a=",
                "a=b=c ~ a=b=c",
                " a = 1 ;\tb=2\t ~ a=1|b=2",
                "a=\"x y\" ~ a=\"x y\"",
                "a=x y ~ a=x y",
                "a=1,b=2 ~ a=1,b=2",
                "a=%41 ~ a=%41",
                "A=1; a=2 ~ A=1|a=2",
                "a ~ -",
                "a; b=1 ~ b=1",
                "=1 ~ -",
                "=; b=1 ~ b=1",
                ";;; ~ -",
                "; a=1; ~ a=1",
                "$Version=1; a=1 ~ $Version=1|a=1",
                "a=1; b ; c=3=4;; d= ~ a=1|c=3=4|d=",
            })
    void readsPairsInOrder(String lines, String expected) {
        Cookies cookies = Cookies.parse(Arrays.asList(lines.split("/", -1)));
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < cookies.size(); i++) {
            seen.add(cookies.name(i) + "=" + cookies.value(i));
        }
        assertThat(seen).isEqualTo(expected == null ? List.of() : List.of(expected.split("\\|")));
    }

    @Test
    void keepsDuplicates() {
        Cookies cookies = Cookies.parse(List.of("pass=planted; sid=1", "pass=real"));
        assertThat(cookies.first("pass")).isEqualTo("planted");
        assertThat(cookies.last("pass")).isEqualTo("real");
        assertThat(cookies.all("pass")).containsExactly("planted", "real");
        assertThat(cookies.first("Pass")).isNull();
        assertThat(cookies.last("none")).isNull();
        assertThat(cookies.all("none")).isEmpty();
    }

    @Test
    void noLineHasNoCookies() {
        assertThat(Cookies.parse(List.of()).size()).isZero();
        assertThat(Cookies.parse(List.of("", " ")).size()).isZero();
    }

    @Test
    void keepsABoundedNumberOfCookies() {
        Cookies cookies = Cookies.parse(List.of(String.join(";", Collections.nCopies(10_000, "a=1"))));
        assertThat(cookies.size()).isEqualTo(Cookies.MAX_COOKIES);
        assertThat(cookies.truncated()).isTrue();
        assertThat(Cookies.parse(List.of("a=1;b=2;;"), 2).truncated()).isFalse();
    }
}
