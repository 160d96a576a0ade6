package com.esperr.gateway.esper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.failure.FailureException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProofAnswerReaderTest {
    // 2026-05-04T08:15:30Z
    private static final long NOW = 1_777_882_530_000L;

    private static long read(int status, String body, Map<String, String> options) {
        ProofConfig config = Configurations.read(
                        ConfigSource.load(null, Map.of(), options), root -> ProofConfig.read(root.section("challenge")))
                .value();
        ProofAnswer answer =
                new ProofAnswerReader(config, () -> NOW).read(status, body.getBytes(StandardCharsets.UTF_8));
        return answer == null ? -1 : (answer.expiresAtMillis() - NOW) / 1000;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"valid\":true} | 300",
                "{\"VERIFIED\":true} | 300",
                "{\"ok\":true,\"success\":true} | 300",
                "{\"valid\":null,\"success\":true} | 300",
                "{\"valid\":true,\"expires_in\":60} | 60",
                "{\"valid\":true,\"expires_in\":\"60\"} | 60",
                "{\"valid\":true,\"ttl_seconds\":61.5} | 61",
                "{\"valid\":true,\"ttl_seconds\":10,\"expires_in\":20} | 20",
                "{\"valid\":true,\"expires_at\":\"2026-05-04T08:16:30Z\",\"expires_in\":20} | 60",
                "{\"valid\":true,\"expires_at\":\"2026-05-04T10:16:30+02:00\"} | 60",
                "{\"valid\":true,\"expires_at\":1777882590} | 60",
                "{\"valid\":true,\"expires_in\":1e300} | 3600",
                "{\"valid\":true,\"expires_at\":null} | 300",
                "{\"valid\":true,\"more\":{\"valid\":false}} | 300",
                "{} | -1",
                "`` | -1",
                "{\"valid\":false} | -1",
                "{\"valid\":\"true\"} | -1",
                "{\"valid\":1} | -1",
                "{\"valid\":{}} | -1",
                "{\"valid\":[true]} | -1",
                "{\"valid\":true,\"verified\":false} | -1",
                "{\"valid\":false,\"valid\":true} | -1",
                "{\"valid\":true,\"Valid\":false} | -1",
                "{\"more\":{\"valid\":true}} | -1",
                "{\"valid\":true,\"expires_in\":0} | -1",
                "{\"valid\":true,\"expires_in\":-5} | -1",
                "{\"valid\":true,\"expires_in\":\"NaN\"} | -1",
                "{\"valid\":true,\"expires_in\":\"soon\"} | -1",
                "{\"valid\":true,\"expires_at\":\"2026-05-04T08:15:30Z\"} | -1",
                "{\"valid\":true,\"expires_at\":\"yesterday\"} | -1",
            })
    void aProofCountsIfAFlagSaysSoAndNoneSaysAnythingElse(String body, long seconds) {
        assertThat(read(200, body, Map.of())).isEqualTo(seconds);
        assertThat(read(201, body, Map.of())).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{} | 300", "`` | 300", "{\"expires_in\":7} | 7", "{\"valid\":false} | -1", "{\"valid\":0} | -1"})
    void aBareAnswerCountsOnlyIfThatIsConfigured(String body, long seconds) {
        assertThat(read(204, body, Map.of("challenge.accept-bare-2xx", "true"))).isEqualTo(seconds);
    }

    @Test
    void flagsAndTimesAreWhatIsConfigured() {
        Map<String, String> options = Map.of(
                "challenge.valid-fields", "result.Passed", "challenge.lifetime", "10m", "challenge.max-lifetime", "8m");
        assertThat(read(200, "{\"result\":{\"passed\":true}}", options)).isEqualTo(480);
        assertThat(read(200, "{\"valid\":true}", options)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 410, 422})
    void aRefusalIsAnAnswerWhateverItsBodySays(int status) {
        assertThat(ProofAnswerReader.answers(status)).isTrue();
        assertThat(read(status, "{\"valid\":true}", Map.of("challenge.accept-bare-2xx", "true")))
                .isEqualTo(-1);
        assertThat(read(status, "<html>", Map.of())).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 401, 408, 429, 500, 502, 503, 599, 600})
    void troubleSaysNothingAboutTheProof(int status) {
        assertThat(ProofAnswerReader.answers(status)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "[true]",
                "true",
                "{\"valid\":true",
                "{\"valid\":true}}",
                "{\"valid\":true} {}",
                "\u0000"
            })
    void whatIsNoJsonObjectIsAFailureEvenWhenBareAnswersCount(String body) {
        assertThatThrownBy(() -> read(200, body, Map.of("challenge.accept-bare-2xx", "true")))
                .isInstanceOf(FailureException.class);
        String deep = "{\"a\":".repeat(100) + "1" + "}".repeat(100);
        assertThatThrownBy(() -> read(200, deep, Map.of())).isInstanceOf(FailureException.class);
    }

    @Test
    void whatElseIsSaidOfAProofIsRead() {
        ProofConfig config = Configurations.read(
                        ConfigSource.load(null, Map.of(), Map.of()),
                        root -> ProofConfig.read(root.section("challenge")))
                .value();
        ProofAnswerReader reader = new ProofAnswerReader(config, () -> NOW);
        String all = "{\"valid\":true,\"method\":\"button\",\"return_host\":\"Shop.Test\",\"expires_in\":60}";
        assertThat(reader.read(200, all.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new ProofAnswer(NOW + 60_000, "button", "shop.test"));
        String none = "{\"valid\":true,\"method\":null,\"return_host\":{\"a\":1}}";
        assertThat(reader.read(200, none.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new ProofAnswer(NOW + 300_000, null, null));
    }
}
