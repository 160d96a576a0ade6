package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLineTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LIMIT = 40;

    private final JsonLine line = new JsonLine();

    @Test
    void membersAreSeparatedAlsoInsideNestedObjects() {
        line.begin();
        line.number(LogField.STATUS, 200);
        line.open(LogField.CAUSE);
        line.word(LogField.SOURCE, "local");
        line.flag(LogField.ENFORCED, false);
        line.close();
        line.flag(LogField.REUSED, true);
        assertThat(text(line.end()))
                .isEqualTo("{\"status\":200,\"cause\":{\"source\":\"local\",\"enforced\":false},\"reused\":true}\n");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, 1_000_000, Long.MAX_VALUE})
    void numbersAreWrittenInFull(long value) {
        line.begin();
        line.number(LogField.BYTES_IN, value);
        assertThat(text(line.end())).isEqualTo("{\"bytes_in\":" + value + "}\n");
    }

    @Test
    void negativeNumbersAreWrittenAsZero() {
        line.begin();
        line.number(LogField.BYTES_IN, Long.MIN_VALUE);
        assertThat(text(line.end())).isEqualTo("{\"bytes_in\":0}\n");
    }

    @Test
    void quotesBackslashesAndControlsAreEscaped() {
        assertThat(written("a\"b\\c\r\n\t\b\f\u0000\u001b\u007f"))
                .isEqualTo("a\\\"b\\\\c\\r\\n\\t\\b\\f\\u0000\\u001b\\u007f");
    }

    @Test
    void headerBytesBeyondAsciiAreWrittenAsTheirLatin1Characters() {
        assertThat(written("caf\u00e9 \u00ff")).isEqualTo("caf\u00e9 \u00ff");
    }

    @Test
    void whatATerminalOrAnEditorWouldObeyIsEscaped() {
        assertThat(written("\u009b31m\u202e\u2028\u2029\u200b\ufeff"))
                .isEqualTo("\\u009b31m\\u202e\\u2028\\u2029\\u200b\\ufeff");
        assertThat(written("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void pairsBecomeOneCharacterAndHalvesOfPairsTheReplacement() {
        assertThat(written("\ud83d\ude00")).isEqualTo("\ud83d\ude00");
        assertThat(written("\ud83d")).isEqualTo("\ufffd");
        assertThat(written("\ude00x\ud83d!")).isEqualTo("\ufffdx\ufffd!");
    }

    @Test
    void longTextsAreCutBetweenCharactersAndSaySo() {
        assertThat(written("x".repeat(LIMIT))).isEqualTo("x".repeat(LIMIT));
        assertThat(written("x".repeat(LIMIT + 1))).isEqualTo("x".repeat(LIMIT) + "\u2026");
        assertThat(written("x".repeat(LIMIT - 1) + "\ud83d\ude00")).isEqualTo("x".repeat(LIMIT - 1) + "\u2026");
    }

    @Test
    void anyTextIsOneLineOfValidJsonThatReadsBackAsItself() throws IOException {
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            String hostile = hostile(random);
            line.begin();
            line.text(LogField.PATH, hostile, 400);
            line.text(LogField.USER_AGENT, hostile, 12);
            byte[] bytes = line.end();
            String whole = strict(bytes);
            assertThat(whole.chars().filter(c -> c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0)))
                    .containsExactly((int) '\n');
            assertThat(whole).endsWith("}\n");
            JsonNode read = JSON.readTree(bytes);
            assertThat(read.size()).isEqualTo(2);
            assertThat(read.get("path").textValue()).isEqualTo(withoutHalves(hostile));
        }
    }

    private String written(String value) {
        line.begin();
        line.text(LogField.PATH, value, LIMIT);
        String whole = text(line.end());
        return whole.substring("{\"path\":\"".length(), whole.length() - "\"}\n".length());
    }

    /** Dense in whatever could end a string, a line or a character early. */
    private static String hostile(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> text.append((char) random.nextInt(0x20));
                case 1 -> text.append("\"\\\n\r{}[],:\u2028\u0085".charAt(random.nextInt(12)));
                case 2 -> text.append((char) (0xd800 + random.nextInt(0x800)));
                case 3 -> text.append((char) random.nextInt(0x100));
                case 4 -> text.appendCodePoint(random.nextInt(0x110000));
                default -> text.append("\",\"status\":200}\n{\"x\":\"");
            }
        }
        return text.toString();
    }

    private static String withoutHalves(String text) {
        StringBuilder whole = new StringBuilder();
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }

    private static String strict(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
