package com.esperr.gateway.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Explanations as people read them. */
class ExplanationTextTest {
    @Test
    void whatIsInsideSomethingStandsBelowIt() {
        assertThat(ExplanationText.of(
                        "{\"a\":1,\"b\":{\"c\":\"d\",\"e\":null},\"f\":[{\"g\":true,\"h\":2},{\"g\":{}}],\"i\":2}"))
                .isEqualTo("""
                        a: 1
                        b:
                          c: d
                          e: (none)
                        f:
                          - g: true
                            h: 2
                          - g:
                        i: 2
                        """);
    }

    @Test
    void nothingMovesTheCursorOrTurnsTheDirectionOfWriting() {
        assertThat(ExplanationText.of(
                        "{\"a\\nb\":\"c\\u001b[2J\\r\\n\\u202e\\u0085\\u2028\\ud800 Gr\\u00fc\\u00dfe\"}"))
                .isEqualTo("a\\u{a}b: c\\u{1b}[2J\\u{d}\\u{a}\\u{202e}\\u{85}\\u{2028}\\u{d800} Grüße\n");
    }
}
