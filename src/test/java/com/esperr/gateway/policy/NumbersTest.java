package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "+1", "007", "12.50", "-0.1", "1234567890123456789012345678901234567890"})
    void plainDecimalsAreNumbers(String text) {
        assertThat(Numbers.parseOrNull(text)).isEqualByComparingTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                ".5",
                "5.",
                "1e9",
                "1e999999999",
                "NaN",
                "Infinity",
                "0x10",
                "1_000",
                "1,5",
                " 1",
                "1 ",
                "--1",
                "1.2.3",
                "١٢",
                "12345678901234567890123456789012345678901"
            })
    void nothingElseIs(String text) {
        assertThat(Numbers.parseOrNull(text)).isNull();
    }
}
