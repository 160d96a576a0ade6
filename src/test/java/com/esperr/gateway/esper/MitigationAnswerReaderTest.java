package com.esperr.gateway.esper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MitigationAnswerReaderTest {
    private static final String CHALLENGE =
            "{\"action\":\"challenge\",\"redirect_url\":\"https://challenge.esperr.com/1\"}";

    private final MitigationAnswerReader reader = reader("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "ALLOW | {\"action\":\"allow\"}",
                "ALLOW | {\"action\":\"monitor\"}",
                "ALLOW | {\"action\":\"OBSERVE\"}",
                "ALLOW | {}",
                "ALLOW | {\"action\":null}",
                "ALLOW | {\"active_mitigation\":null}",
                "ALLOW | {\"active_mitigation\":{}}",
                "ALLOW | {\"active_mitigation\":{\"decision\":null}}",
                "ALLOW | {\"unknown\":{\"action\":\"block\"},\"list\":[{\"action\":\"block\"}]}",
                "ALLOW | {\"action\":\"allow\",\"decision\":\"block\"}",
                "ALLOW | {\"decision\":\"block\",\"action\":\"allow\"}",
                "BLOCK | {\"action\":\"block\"}",
                "BLOCK | {\"Action\":\"Block\"}",
                "BLOCK | {\"decision\":\"block\"}",
                "BLOCK | {\"active_mitigation\":{\"decision\":\"Block\"}}",
                "BLOCK | {\"ACTIVE_MITIGATION\":{\"x\":[1],\"DECISION\":\"BLOCK\",\"y\":{}}}",
                "BLOCK | {\"action\":null,\"active_mitigation\":{\"decision\":\"Block\"}}",
                "BLOCK | {\"active_mitigation\":{\"decision\":\"allow\"},\"decision\":\"block\"}",
            })
    void theFirstKeyThatSaysSomethingDecides(MitigationAction action, String json) {
        assertThat(read(json).action()).isEqualTo(action);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "7",
                "\"allow\"",
                "[]",
                "[{\"action\":\"allow\"}]",
                "allow",
                "<html>",
                "{",
                "{\"action\":\"allow\"",
                "{\"action\":\"allow\"}}",
                "{\"action\":\"allow\"} x",
                "{\"action\":\"allow\"}{\"action\":\"block\"}",
                "{\"action\":\"\"}",
                "{\"action\":\" allow\"}",
                "{\"action\":\"allow \"}",
                "{\"action\":\"obliterate\"}",
                "{\"action\":true}",
                "{\"action\":0}",
                "{\"action\":[]}",
                "{\"action\":{}}",
                "{\"action\":{\"decision\":\"allow\"}}",
                "{\"decision\":false}",
                "{\"active_mitigation\":\"Block\"}",
                "{\"active_mitigation\":[]}",
                "{\"active_mitigation\":false}",
                "{\"active_mitigation\":{\"decision\":1}}",
                "{\"action\":\"allow\",\"action\":\"block\"}",
                "{\"action\":\"allow\",\"ACTION\":\"allow\"}",
                "{\"action\":\"allow\",\"decision\":7}",
                "{'action':'allow'}",
                "{\"action\":\"allow\",}",
                "{\"action\":NaN}",
                "{\"action\":\"all\\u006fw\\ud800\"}",
            })
    void whateverElseIsNotAnAllowByAccident(String json) {
        assertFailure(json, FailureReason.DECISION_MALFORMED);
    }

    @Test
    void depthAndLengthsHaveBounds() {
        assertFailure(
                "{\"deep\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",\"action\":\"allow\"}",
                FailureReason.DECISION_MALFORMED);
        assertFailure("{\"x\":\"" + "p".repeat(20_000) + "\",\"action\":\"x\"}", FailureReason.DECISION_MALFORMED);
        assertFailure("{\"" + "k".repeat(1000) + "\":1,\"action\":\"allow\"}", FailureReason.DECISION_MALFORMED);
        assertFailure("{\"n\":" + "9".repeat(1000) + ",\"action\":\"" + "x\"}", FailureReason.DECISION_MALFORMED);
    }

    @Test
    void everyTruncationOfAnAnswerIsAFailure() {
        byte[] whole = CHALLENGE.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> reader.read(cut, Fields.EMPTY, "shop.test"))
                    .isInstanceOf(FailureException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noBytesEndInAnythingButAnAnswerOrAFailure(long seed) {
        Random random = new Random(seed);
        byte[] whole = CHALLENGE.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] noisy = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                noisy[random.nextInt(noisy.length)] = (byte) random.nextInt(256);
            }
            try {
                reader.read(noisy, Fields.EMPTY, "shop.test");
            } catch (FailureException expected) {
                assertThat(expected.getMessage()).matches("[ -~]+");
            }
        }
    }

    @Test
    void aChallengeHasItsUrlInEitherPlace() {
        assertThat(read(CHALLENGE).redirectUrl()).isEqualTo("https://challenge.esperr.com/1");
        assertThat(read("{\"action\":\"challenge\",\"challenge\":{\"Redirect_URL\":\"https://shop.test/c\"}}")
                        .redirectUrl())
                .isEqualTo("https://shop.test/c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\":\"challenge\"}",
                "{\"action\":\"challenge\",\"redirect_url\":null}",
                "{\"action\":\"challenge\",\"redirect_url\":\"\"}",
                "{\"action\":\"challenge\",\"redirect_url\":7}",
                "{\"action\":\"challenge\",\"redirect_url\":[\"https://api.esperr.com/\"]}",
                "{\"action\":\"challenge\",\"redirect_url\":\"https://attacker.test/\"}",
                "{\"action\":\"challenge\",\"challenge\":\"https://api.esperr.com/\"}",
            })
    void aChallengeWithoutAUsableUrlIsItsOwnFailure(String json) {
        assertFailure(json, FailureReason.CHALLENGE_UNUSABLE);
    }

    @Test
    void onlyAChallengeHasARedirect() {
        assertThat(read("{\"action\":\"allow\",\"redirect_url\":\"javascript:x\"}")
                        .redirectUrl())
                .isNull();
    }

    @Test
    void idAndReasonAreReadWithinBounds() {
        MitigationAnswer answer =
                read("{\"action\":\"block\",\"decision_id\":\"d-1\",\"reason\":\"" + "r".repeat(600) + "\"}");
        assertThat(answer.decisionId()).isEqualTo("d-1");
        assertThat(answer.reason()).hasSize(512);
        assertThat(read("{\"decision_id\":17}").decisionId()).isEqualTo("17");
        assertThat(read("{\"decision_id\":\"a b\"}").decisionId()).isNull();
        assertThat(read("{\"decision_id\":{}}").decisionId()).isNull();
    }

    @Test
    void theIdMayStandInAHeader() {
        Fields fields =
                Fields.builder(1).add("X-Esper-Decision-ID", "from-header").build();
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(reader.read(body, fields, "").decisionId()).isEqualTo("from-header");
    }

    @Test
    void theKeysCanBeChanged() {
        MitigationAnswerReader other = reader("""
                answer {
                  action = [ result.verdict, verdict ], redirect-url = [ result.to ], reason = [ result.why ]
                  decision-id = [ result.id ], decision-id-header = "x-id"
                }""");
        MitigationAnswer answer = other.read(
                "{\"verdict\":\"allow\",\"result\":{\"verdict\":\"challenge\",\"to\":\"https://shop.test/\",\"why\":\"w\",\"id\":1}}"
                        .getBytes(StandardCharsets.UTF_8),
                Fields.EMPTY,
                "shop.test");
        assertThat(answer).isEqualTo(new MitigationAnswer(MitigationAction.CHALLENGE, "https://shop.test/", "1", "w"));
    }

    private void assertFailure(String json, FailureReason reason) {
        FailureException failure = catchThrowableOfType(FailureException.class, () -> read(json));
        assertThat(failure).as(json.substring(0, Math.min(80, json.length()))).isNotNull();
        assertThat(failure.reason()).isEqualTo(reason);
    }

    private MitigationAnswer read(String json) {
        return reader.read(json.getBytes(StandardCharsets.UTF_8), Fields.EMPTY, "shop.test");
    }

    private static MitigationAnswerReader reader(String hocon) {
        return new MitigationAnswerReader(Configs.of(hocon), RedirectRules.of("api.esperr.com", List.of()));
    }
}
