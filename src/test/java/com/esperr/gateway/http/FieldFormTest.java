package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Header lines of which the last ones get a value from answer to answer. */
class FieldFormTest {
    private final FieldForm form = new FieldForm(
            Fields.builder(2)
                    .add("Content-Type", "text/html")
                    .add("Vary", "Accept")
                    .build(),
            "Content-Length",
            "Esper-Reference");

    private static String text(String length, String reference) {
        return "Content-Type: text/html\r\nVary: Accept\r\nContent-Length: " + length + "\r\nEsper-Reference: "
                + reference + "\r\n";
    }

    @Test
    void valuesAsLongAsBeforeAndOthersStandInTheirLines() {
        String[][] all = {
            {"100", "abc"}, {"200", "xyz"}, {"9", "xyz"}, {"8", "äö"}, {"8", "é "}, {"", ""}, {"100", "abc"}
        };
        for (String[] values : all) {
            Fields filled = form.filled(values);
            assertThat(filled).hasToString(text(values[0], values[1]));
            assertThat(filled.size()).isEqualTo(4);
            assertThat(filled.get(FieldName.CONTENT_LENGTH)).isEqualTo(values[0]);
            assertThat(filled.length()).isEqualTo(text(values[0], values[1]).length());
        }
    }

    @Test
    void whatWasFilledBeforeStaysAsItWas() {
        Fields first = form.filled("100", "abc");
        Fields second = form.filled("200", "xyz");

        assertThat(first).hasToString(text("100", "abc"));
        assertThat(second).hasToString(text("200", "xyz"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\0b", "aŁb"})
    void noValueBecomesAnotherLine(String value) {
        form.filled("100", "abc");

        assertThatIllegalArgumentException().isThrownBy(() -> form.filled("100", value));
        assertThat(form.filled("100", "abc")).hasToString(text("100", "abc"));
    }

    @Test
    void eachLineGetsAValue() {
        form.filled("100", "abc");

        assertThatIllegalArgumentException().isThrownBy(() -> form.filled("200"));
    }

    @Test
    void aTabMayStandInAValue() {
        form.filled("100", "abc");

        assertThat(form.filled("100", "a\tb")).hasToString(text("100", "a\tb"));
    }
}
