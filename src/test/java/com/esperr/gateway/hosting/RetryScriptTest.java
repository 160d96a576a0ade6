package com.esperr.gateway.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.LocalReply;
import org.junit.jupiter.api.Test;

class RetryScriptTest {
    private final RetryScript script = RetryScript.load();

    @Test
    void theScriptHasTwoKilobytesAtTheMost() {
        LocalReply reply = script.answer("retry.js");
        assertThat(reply.body().length).isBetween(500, 2048);
        assertThat(reply.fields().get("content-type")).startsWith("text/javascript");
    }

    @Test
    void theEndOfAChallengeIsShownOnThisSiteOnlyAndNothingElseIsThere() {
        assertThat(script.answer("done").fields().get("content-security-policy"))
                .contains("frame-ancestors 'self'");
        assertThat(script.answer("")).isNull();
        assertThat(script.answer("../retry.js")).isNull();
    }
}
