package com.esperr.gateway.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteVerdictTest {
    private static SiteVerdict read(int status, String body) {
        return SiteVerdict.read(status, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void successIsGoodAndARefusedAnswerIsBad() {
        assertThat(read(200, "{\"success\":true,\"hostname\":\"shop.test\",\"x\":{\"success\":false}}"))
                .isEqualTo(SiteVerdict.Known.GOOD);
        assertThat(read(200, "{\"success\":false,\"error-codes\":[\"invalid-input-response\"]}"))
                .isEqualTo(SiteVerdict.Known.BAD);
        assertThat(read(200, "{\"error-codes\":[\"timeout-or-duplicate\",[1]],\"success\":false}"))
                .isEqualTo(SiteVerdict.Known.BAD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500 | {\"success\":true}",
                "302 | {\"success\":true}",
                "200 | {}",
                "200 | {\"success\":\"true\"}",
                "200 | {\"success\":true",
                "200 | []",
                "200 | <html>captive portal</html>",
                "200 | ''",
                "200 | {\"success\":false,\"error-codes\":[\"invalid-input-secret\"]}",
                "200 | {\"success\":false,\"error-codes\":[\"internal-error\"]}",
                "200 | {\"success\":false,\"error-codes\":[",
            })
    void everythingElseIsNoAnswer(int status, String body) {
        assertThat(read(status, body)).isInstanceOf(SiteVerdict.Trouble.class);
    }
}
