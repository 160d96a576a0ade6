package com.esperr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MitigationReaderTest {
    private static final HttpHeaders NONE = HttpHeaders.of(Map.of(), (name, value) -> true);

    private final MitigationReader reader = new MitigationReader(Fixtures.settings(), Fixtures.RETURN_URL);

    private MitigationResult read(String json) throws MalformedAnswerException {
        return reader.read(200, NONE, json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "Allow | {\"action\":\"allow\"}",
                "Allow | {\"action\":\"Monitor\"}",
                "Allow | {\"action\":\"OBSERVE\"}",
                "Allow | {}",
                "Allow | {\"action\":null}",
                "Allow | {\"active_mitigation\":null}",
                "Allow | {\"active_mitigation\":{\"decision\":null}}",
                "Allow | {\"action\":\"allow\",\"decision\":\"block\"}",
                "Allow | {\"unknown\":{\"action\":\"block\"},\"x\":1,\"X\":2}",
                "Block | {\"Action\":\"Block\"}",
                "Block | {\"decision\":\"block\"}",
                "Block | {\"ACTIVE_MITIGATION\":{\"Decision\":\"Block\"}}",
                "Block | {\"action\":null,\"active_mitigation\":{\"decision\":\"block\"}}",
                "Challenge | {\"action\":\"challenge\",\"redirect_url\":\"https://api.esperr.com/c\"}",
            })
    void theFirstNameThatSaysSomethingDecides(MitigationAction action, String json) throws MalformedAnswerException {
        assertThat(read(json).action()).isEqualTo(action);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "\"allow\"",
                "[{\"action\":\"allow\"}]",
                "<html>",
                "{\"action\":\"allow\"",
                "{\"action\":\"allow\"}{}",
                "{\"action\":\"\"}",
                "{\"action\":\"allow \"}",
                "{\"action\":\"allowed\"}",
                "{\"action\":\"deny\"}",
                "{\"action\":true}",
                "{\"action\":[\"allow\"]}",
                "{\"action\":{\"decision\":\"allow\"}}",
                "{\"action\":\"allow\",\"action\":\"block\"}",
                "{\"action\":\"allow\",\"ACTION\":\"allow\"}",
                "{\"action\":\"allow\",\"decision\":7}",
                "{\"active_mitigation\":\"Block\"}",
                "{\"active_mitigation\":[{\"decision\":\"Block\"}]}",
            })
    void whatIsNotUnderstoodIsAFailure(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(MalformedAnswerException.class);
    }

    @Test
    void aMessageShowsLittleOfTheAnswerAndNothingOfTheKey() {
        assertThatThrownBy(() -> read("{\"action\":\"x TEST-key-7f3a1c\\n" + "y".repeat(100) + "\"}"))
                .hasMessage("action: x ***?" + "y".repeat(26) + " (expected: allow, monitor, challenge or block)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.esperr.com/challenge/1",
                "https://API.esperr.com:8443/",
                "https://challenge.esperr.com/1",
                "https://shop.test/challenge",
                "http://extra.test/x",
            })
    void aChallengeIsOnAHostThatIsExpected(String url) throws MalformedAnswerException {
        assertThat(read(challenge(url)).redirectUrl()).isEqualTo(url);
        assertThat(read("{\"decision\":\"Challenge\",\"challenge\":{\"redirect_url\":\"" + url + "\"}}")
                        .redirectUrl())
                .isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/challenge",
                "//api.esperr.com/",
                "javascript:alert(1)",
                "data:text/html,x",
                "https://attacker.test/",
                "https://esperr.com/",
                "https://a.b.esperr.com/",
                "https://evilesperr.com/",
                "https://api.esperr.com.attacker.test/",
                "https://api.esperr.com@attacker.test/",
                "https://user@api.esperr.com/",
                "https://attacker.test#.esperr.com/",
                "https:/api.esperr.com/",
                "https://api.esperr.com/ x",
            })
    void anyOtherChallengeIsUnusable(String url) {
        MalformedAnswerException refused =
                catchThrowableOfType(MalformedAnswerException.class, () -> read(challenge(url)));
        assertThat(refused.problem()).isEqualTo(EsperApiException.Problem.UNUSABLE_CHALLENGE);
    }

    @Test
    void aChallengeWithoutAUrlIsUnusable() {
        assertThatThrownBy(() -> read("{\"action\":\"challenge\"}")).hasMessageStartingWith("redirect_url: missing");
        assertThatThrownBy(() -> read("{\"action\":\"challenge\",\"redirect_url\":7}"))
                .hasMessageStartingWith("redirect_url: missing");
        assertThatCode(() -> read("{\"action\":\"block\",\"redirect_url\":\"x\"}"))
                .doesNotThrowAnyException();
    }

    @Test
    void theIdIsInTheBodyOrInAHeader() throws MalformedAnswerException {
        HttpHeaders headers = HttpHeaders.of(Map.of("X-Esper-Decision-Id", List.of("h-1")), (name, value) -> true);
        byte[] bare = "{}".getBytes(StandardCharsets.UTF_8);
        byte[] full = "{\"decision_id\":\"b-1\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(reader.read(200, headers, bare).decisionId()).isEqualTo("h-1");
        assertThat(reader.read(200, headers, full).decisionId()).isEqualTo("b-1");
        assertThat(read("{\"decision_id\":\"a\\r\\nb\"}").decisionId()).isNull();
    }

    @Test
    void aReasonIsForPeople() throws MalformedAnswerException {
        assertThat(read("{\"action\":\"block\",\"reason\":\"too\\nmany " + Fixtures.KEY + "\"}")
                        .reason())
                .isEqualTo("too?many ***");
        assertThat(read("{\"reason\":\"" + "r".repeat(1000) + "\"}").reason()).hasSize(512);
    }

    private static String challenge(String url) {
        return "{\"action\":\"challenge\",\"redirect_url\":\"" + url + "\"}";
    }
}
