package com.esperr.gateway.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.FieldReference;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What explanations show of visitors' values. */
class SecretsTest {
    private static final String CANARY = "canary-5f2a91";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cookie[theme]",
                "query_param[page]",
                "body[user->email]",
                "request_header[authorization]",
                "request_header[proxy-authorization]",
                "request_header[cookie]",
                "request_header[X-Api-Key]",
                "request_header[x-csrf-token]"
            })
    void nothingThatMightBeASecretIsShownNorWhatItIsComparedWith(String field) {
        FieldReference reference = FieldReference.parse(field);
        assertThat(Secrets.shown(reference, CANARY)).isEqualTo("(hidden, 13 characters)");
        assertThat(Secrets.shown(List.of(FieldReference.parse("request_path"), reference), List.of(CANARY)))
                .isEqualTo("(hidden)");
        assertThat(Secrets.shown(reference, null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"referrer", "request_header[referer]", "request_header[x-original-url]"})
    void ofAUrlTheQueryIsHidden(String field) {
        assertThat(Secrets.shown(FieldReference.parse(field), "https://shop.test/a?t=" + CANARY))
                .isEqualTo("https://shop.test/a?(hidden, 15 characters)");
        assertThat(Secrets.shown(FieldReference.parse(field), "https://shop.test/a#t=" + CANARY))
                .doesNotContain(CANARY);
    }

    @Test
    void whatIsLongIsCutBetweenCharacters() {
        FieldReference field = FieldReference.parse("user_agent");
        assertThat(Secrets.shown(field, "x".repeat(256))).hasSize(256);
        assertThat(Secrets.shown(field, "x".repeat(255) + "\ud83d\ude00")).isEqualTo("x".repeat(255) + "...");
        assertThat(Secrets.shown(List.of(field), Collections.nCopies(10, "a")))
                .isEqualTo("a, a, a, a, a, a, a, a and 2 more");
    }
}
