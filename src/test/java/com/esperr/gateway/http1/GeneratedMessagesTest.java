package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.FramingCase;
import com.esperr.gateway.testkit.ResponseCase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Properties over seeded random messages: what is valid is decoded to what it says, anything has one outcome and no exception. */
class GeneratedMessagesTest {
    private static final DecoderLimits TIGHT = new DecoderLimits(64, 200, 8, 100);

    @Test
    void validRequestsAreDecodedToWhatTheySayHoweverTheyAreCut() {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            Messages messages = new Messages(random);
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                messages.request();
            }
            for (int round = 0; round < 3; round++) {
                List<byte[]> pieces = Cuts.randomly(messages.bytes(), random);
                assertThat(Cuts.requestsAtOnce(Cuts.ROOMY, pieces))
                        .as("seed %s", seed)
                        .isEqualTo(messages.expected());
            }
        }
    }

    @Test
    void validResponsesAreDecodedToWhatTheySayHoweverTheyAreCut() {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            Messages messages = new Messages(random);
            messages.response();
            for (int round = 0; round < 3; round++) {
                List<byte[]> pieces = Cuts.randomly(messages.bytes(), random);
                assertThat(Cuts.response(Cuts.ROOMY, "GET", pieces))
                        .as("seed %s", seed)
                        .isEqualTo(messages.expected());
            }
        }
    }

    @Test
    void mutatedRequestsHaveOneOutcome() {
        for (int seed = 0; seed < 6000; seed++) {
            Random random = new Random(seed);
            Messages messages = new Messages(random);
            messages.request();
            messages.request();
            byte[] bytes = mutated(messages.bytes(), random);
            DecoderLimits limits = random.nextBoolean() ? TIGHT : Cuts.ROOMY;
            List<String> whole = Cuts.requestsAtOnce(limits, List.of(bytes));
            for (int round = 0; round < 4; round++) {
                List<byte[]> pieces = Cuts.randomly(bytes, random);
                assertThat(Cuts.requestsAtOnce(limits, pieces))
                        .as("seed %s", seed)
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void mutatedResponsesHaveOneOutcome() {
        for (int seed = 0; seed < 6000; seed++) {
            Random random = new Random(seed);
            Messages messages = new Messages(random);
            messages.response();
            byte[] bytes = mutated(messages.bytes(), random);
            DecoderLimits limits = random.nextBoolean() ? TIGHT : Cuts.ROOMY;
            List<String> whole = Cuts.response(limits, "GET", List.of(bytes));
            for (int round = 0; round < 4; round++) {
                List<byte[]> pieces = Cuts.randomly(bytes, random);
                assertThat(Cuts.response(limits, "GET", pieces))
                        .as("seed %s", seed)
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void theTablesOfRawBytesHaveOneOutcomeEach() {
        for (FramingCase framing : FramingCase.all()) {
            Cuts.everyCut(framing.bytes(), pieces -> Cuts.requestsAtOnce(Cuts.ROOMY, pieces));
        }
        for (ResponseCase response : ResponseCase.all()) {
            Cuts.everyCut(response.bytes(), pieces -> Cuts.response(Cuts.ROOMY, response.method(), pieces));
        }
    }

    @Test
    void noiseIsNeverARequest() {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[random.nextInt(600)];
            random.nextBytes(noise);
            List<String> outcome = Cuts.requestsAtOnce(Cuts.ROOMY, List.of(noise));
            assertThat(outcome).as("seed %s", seed).allMatch(line -> line.startsWith("BAD"));
            assertThat(Cuts.requestsAtOnce(Cuts.ROOMY, Cuts.randomly(noise, random)))
                    .isEqualTo(outcome);
        }
    }

    /** One to three edits of the kinds that smugglers use. */
    private static byte[] mutated(byte[] bytes, Random random) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<String> inserts = Arrays.asList(
                "\r",
                "\n",
                "\r\n",
                "\u0000",
                " ",
                "\t",
                ":",
                ",",
                ";",
                "\"",
                "0",
                "x",
                "\u007f",
                "\u00ff",
                "Content-Length: 3\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Host: b\r\n",
                "0\r\n\r\n",
                "3;a=\"b\"\r\n");
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            int at = random.nextInt(text.length());
            int kind = random.nextInt(5);
            String insert = inserts.get(random.nextInt(inserts.size()));
            text = switch (kind) {
                case 0 -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 1 + random.nextInt(3)));
                case 1 -> text.substring(0, at) + insert + text.substring(at + 1);
                case 2 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
                case 3 -> duplicated(text, at, random);
                default -> text.substring(0, at) + insert + text.substring(at);
            };
            text = text.isEmpty() ? "\r" : text;
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String duplicated(String text, int at, Random random) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("(?<=\n)")));
        String line = lines.get(random.nextInt(lines.size()));
        lines.add(Math.min(lines.size(), at % (lines.size() + 1)), line);
        return String.join("", lines);
    }
}
