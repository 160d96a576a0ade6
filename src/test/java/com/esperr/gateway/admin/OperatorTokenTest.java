package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorTokenTest {
    private static final String TEXT = "d3c1a9f0e7b64a2298b1c55f";

    @Test
    void onlyItselfIsIt() {
        OperatorToken token = OperatorToken.parse(TEXT);
        assertThat(token.is(TEXT)).isTrue();
        assertThat(token.is(TEXT + " ")).isFalse();
        assertThat(token.is(TEXT.toUpperCase(Locale.ROOT))).isFalse();
        assertThat(token.is("")).isFalse();
    }

    @Test
    void itIsNeverPrinted() {
        assertThat(OperatorToken.parse(TEXT)).hasToString("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "short", "1234567890123456789", "with a blank in it 1234567", "ümlaut-1234567890123456"})
    void whatCanBeGuessedOrNotBeSentIsRefusedWithoutBeingRepeated(String text) {
        assertThatThrownBy(() -> OperatorToken.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("token: of another form (expected: 20 to 200 ");
    }
}
