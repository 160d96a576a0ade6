package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldTokensTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "close                      | close,",
                "CLOSE                      | CLOSE,",
                "a,close                    | a,close,",
                "a ,\tclose\t, b            | a,close,b,",
                ",,close,,                  | close,",
                "a,close;x=y                | a,close,",
                "a;x=`\",close,\"`          | a,",
                "closed, xclose             | closed,xclose,",
                "\"close\"                  | \"close\",",
                "\",close,\"                | \",close,\",",
                "\"a\\\",close,\"           | \"a\\\",close,\",",
                "\", close                  | \",close,",
                "a, \"b, close              | a,\"b,close,",
                ",                          | ``",
                "clo se                     | clo se,"
            })
    void elementsAreFoundAsTheyAreSeparated(String value, String expected) {
        String quoted = value.replace("`", "");
        Fields fields = Fields.builder(1).add(FieldName.CONNECTION, quoted).build();
        assertThat(String.join(",", FieldTokens.list(fields, FieldName.CONNECTION)) + ",")
                .isEqualTo(expected.isEmpty() ? "," : expected);
        assertThat(FieldTokens.listContains(fields, FieldName.CONNECTION, "close"))
                .isEqualTo(
                        FieldTokens.list(fields, FieldName.CONNECTION).stream().anyMatch("close"::equalsIgnoreCase));
    }

    @Test
    void severalLinesAreOneList() {
        Fields fields = Fields.builder(3)
                .add(FieldName.CONNECTION, "a, b")
                .add("X-Other", "d")
                .add(FieldName.CONNECTION, "c")
                .build();
        assertThat(FieldTokens.list(fields, FieldName.CONNECTION)).containsExactly("a", "b", "c");
        assertThat(FieldTokens.listContains(fields, FieldName.CONNECTION, "c")).isTrue();
        assertThat(FieldTokens.listContains(fields, FieldName.CONNECTION, "d")).isFalse();
        assertThat(FieldTokens.listContains(fields, FieldName.TE, "a")).isFalse();
        assertThat(FieldTokens.list(fields, FieldName.TE)).isEmpty();
    }

    @Test
    void hostileListsCostOnlyTheirLength() {
        // Escapes inside quotes that never close: were each element searched to the end, this would take minutes.
        String value = "\"\\\",".repeat(500_000);
        Fields fields = Fields.builder(1).add(FieldName.CONNECTION, value).build();
        assertThat(FieldTokens.listContains(fields, FieldName.CONNECTION, "close"))
                .isFalse();
    }
}
