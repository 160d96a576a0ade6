package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.decision.Action;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
    private static @Nullable EventAnswer one(String body) throws IOException {
        return AnswerReader.read(body.getBytes(StandardCharsets.UTF_8), 1, false)
                .get(0);
    }

    private static List<@Nullable EventAnswer> several(int count, String body) throws IOException {
        return AnswerReader.read(body.getBytes(StandardCharsets.UTF_8), count, true);
    }

    private static EventAnswer saying(@Nullable Action action) {
        return new EventAnswer(action, null, null, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "Block, BLOCK",
        "block, BLOCK",
        "BLOCK, BLOCK",
        "Challenge, CHALLENGE",
        "challenge, CHALLENGE",
        "Allow, ALLOW",
        "Monitor, ALLOW",
        "observe, ALLOW"
    })
    void theDecisionIsReadInAnyCase(String word, Action action) throws IOException {
        String body = "{\"item_id\":\"7f\",\"lookup_entity_id\":\"x\",\"active_mitigation\":{\"decision\":\"" + word
                + "\",\"other\":[1]}}";
        assertThat(one(body)).isEqualTo(saying(action));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"active_mitigation\":null}",
                "{\"active_mitigation\":{}}",
                "{\"active_mitigation\":{\"decision\":null}}",
                "{\"decision\":\"Block\"}"
            })
    void nothingToBeDoneIsNoMitigation(String body) throws IOException {
        assertThat(one(body)).isEqualTo(EventAnswer.TAKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"active_mitigation\":\"Block\"}",
                "{\"active_mitigation\":[]}",
                "{\"active_mitigation\":{\"decision\":\"Blocked\"}}",
                "{\"active_mitigation\":{\"decision\":\"\"}}",
                "{\"active_mitigation\":{\"decision\":7}}",
                "{\"active_mitigation\":{\"decision\":{\"decision\":\"Block\"}}}"
            })
    void wordsThatAreNotKnownTeachNothing(String body) throws IOException {
        assertThat(one(body)).isEqualTo(saying(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"ok\"", "1", "null", "ok", "{", "{}{}", "<html>", "{\"a\":tru}"})
    void whatIsNoJsonObjectIsNotEspers(String body) {
        assertThatThrownBy(() -> one(body)).isInstanceOf(IOException.class);
    }

    @Test
    void anAnswerAsDeepAsTheSeaIsNotEspers() {
        assertThatThrownBy(() -> one("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void resultsAreReadInOrderAndMissingOnesAreNone() throws IOException {
        assertThat(several(
                        4,
                        "{\"results\":[{\"active_mitigation\":{\"decision\":\"Block\",\"reason\":\"r\",\"decision_id\":\"d\"}},"
                                + "{\"error\":{\"code\":\"bad\"}},{\"status\":503}]}"))
                .containsExactly(
                        new EventAnswer(Action.BLOCK, "d", "r", 0),
                        new EventAnswer(null, null, "{\"code\":\"bad\"}", 400),
                        new EventAnswer(null, null, "{\"status\":503}", 503),
                        null);
        assertThat(several(2, "{}")).containsExactly(EventAnswer.TAKEN, EventAnswer.TAKEN);
        assertThat(several(1, "{\"results\":[{\"status\":200},{},{}]}")).containsExactly(EventAnswer.TAKEN);
    }
}
