package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A known name is found whatever the case of its letters, wherever it stands, and nothing else is taken for it. */
class FieldNameTest {

    @Test
    void isFoundWhateverTheCase() {
        for (FieldName name : FieldName.values()) {
            String text = name.text();
            String title = Character.toUpperCase(text.charAt(0)) + text.substring(1);
            for (String written : new String[] {text, text.toUpperCase(Locale.ROOT), title}) {
                byte[] line = ("x" + written + ": x").getBytes(StandardCharsets.US_ASCII);
                assertThat(FieldName.of(line, 1, 1 + written.length()))
                        .as(written)
                        .isEqualTo(name);
                assertThat(FieldName.of(written)).as(written).isEqualTo(name);
            }
        }
    }

    @Test
    void isNotFoundWhenOneByteIsAnother() {
        for (FieldName name : FieldName.values()) {
            String text = name.text();
            for (int at = 0; at < text.length(); at++) {
                for (int c = 0; c < 256; c++) {
                    byte[] line = text.getBytes(StandardCharsets.US_ASCII);
                    line[at] = (byte) c;
                    boolean same = c < 128 && Character.toLowerCase(c) == text.charAt(at);
                    FieldName found = FieldName.of(line, 0, line.length);
                    assertThat(found == name)
                            .as("%s with %s at %s", text, c, at)
                            .isEqualTo(same);
                }
            }
        }
    }

    @Test
    void isNotFoundWhenItIsCut() {
        for (FieldName name : FieldName.values()) {
            byte[] line = name.text().getBytes(StandardCharsets.US_ASCII);
            assertThat(FieldName.of(line, 0, line.length - 1)).isNotEqualTo(name);
            assertThat(FieldName.of(line, 1, line.length)).isNotEqualTo(name);
        }
    }
}
