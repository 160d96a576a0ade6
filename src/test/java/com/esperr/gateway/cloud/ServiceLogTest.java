package com.esperr.gateway.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.esper.ApiKey;
import com.esperr.gateway.testkit.Logged;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceLogTest {
    private static final byte[] BODY = "{\"error\":\"no\"}".getBytes(StandardCharsets.UTF_8);

    private final Logged logged = Logged.below("com.esperr.gateway.cloud");
    private final TestClock clock = TestClock.still();
    private final ApiKey key = Configured.of("api-key = s3cret-key").esper().apiKey();
    private final ServiceLog log = new ServiceLog("https://api.test", key, clock);

    @AfterEach
    void stop() {
        logged.close();
    }

    @Test
    void aRefusedKeyIsSaidOnceUntilItIsAcceptedAgain() {
        for (int i = 0; i < 100; i++) {
            log.unauthorized(401, BODY);
        }
        assertThat(log.keyRefused()).isTrue();
        log.authorized();
        log.authorized();
        assertThat(log.keyRefused()).isFalse();
        log.unauthorized(403, BODY);
        assertThat(logged.lines())
                .containsExactly(
                        "ERROR https://api.test: the API key is refused, status 401: {\"error\":\"no\"}",
                        "INFO https://api.test: the API key is accepted again",
                        "ERROR https://api.test: the API key is refused, status 403: {\"error\":\"no\"}");
    }

    @Test
    void aRefusedKeyIsNoTroubleForEverIfNobodyAsks() {
        log.unauthorized(401, BODY);
        clock.advance(Duration.ofSeconds(14));
        assertThat(log.keyRefused()).isTrue();
        log.unauthorized(401, BODY);
        clock.advance(Duration.ofSeconds(14));
        assertThat(log.keyRefused()).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(log.keyRefused()).isFalse();
    }

    @Test
    void repeatedTroubleIsSaidOnceAMinute() {
        for (int second = 0; second < 120; second++) {
            log.status(500, BODY);
            log.unusable("answer: not a JSON object", BODY);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(logged.lines()).hasSize(2);
    }

    @Test
    void anExcerptIsShortPrintableAndWithoutTheKey() {
        byte[] hostile = ("\r\nERROR forged \u001b[31m s3cret-key " + "x".repeat(500)).getBytes(StandardCharsets.UTF_8);
        assertThat(log.excerpt(hostile))
                .hasSize(256)
                .startsWith("..ERROR forged .[31m *** xxx")
                .matches("[ -~]+");
        byte[] late = ("y".repeat(250) + "s3cret-key").getBytes(StandardCharsets.UTF_8);
        assertThat(log.excerpt(late)).doesNotContain("s3c");
    }
}
