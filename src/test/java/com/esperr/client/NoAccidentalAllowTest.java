package com.esperr.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.esper.EsperConfig;
import com.esperr.gateway.esper.MitigationAnswerReader;
import com.esperr.gateway.esper.RedirectRules;
import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.http.Fields;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever Esper answers, only what the contract calls an allow is read as one; and never where the gateway reads something else. */
class NoAccidentalAllowTest {
    private static final int ROUNDS = 200_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> ALLOWS = Set.of("allow", "monitor", "observe");
    private static final HttpHeaders NONE = HttpHeaders.of(Map.of(), (name, value) -> true);
    private static final List<String> NAMES =
            List.of("action", "Action", "decision", "active_mitigation", "ACTIVE_MITIGATION", "redirect_url", "x");
    private static final List<String> VALUES = List.of(
            "\"allow\"",
            "\"ALLOW\"",
            "\"monitor\"",
            "\"block\"",
            "\"Block\"",
            "\"challenge\"",
            "\"allow \"",
            "\"\"",
            "\"al\\u006cow\"",
            "\"alloẃ\"",
            "\"deny\"",
            "null",
            "true",
            "0",
            "[]",
            "{}",
            "[\"allow\"]",
            "\"https://api.esperr.com/c\"");

    private final MitigationReader client = new MitigationReader(Fixtures.settings(), Fixtures.RETURN_URL);
    private final MitigationAnswerReader gateway = gateway();
    private final Random random = new Random(20261121);

    @Test
    void noOtherAnswerIsReadAsAllow() throws IOException {
        int allowed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] answer = damaged(object(2)).getBytes(StandardCharsets.UTF_8);
            if (isAllow(answer)) {
                allowed++;
                String shown = new String(answer, StandardCharsets.UTF_8);
                assertThat(isDocumentedAllow(answer)).as(shown).isTrue();
                assertThat(isAllowForTheGateway(answer)).as(shown).isTrue();
            }
        }
        // Else the generator would prove nothing.
        assertThat(allowed).isBetween(ROUNDS / 100, ROUNDS / 2);
    }

    private boolean isAllow(byte[] answer) {
        try {
            return client.read(200, NONE, answer).action() == MitigationAction.Allow;
        } catch (MalformedAnswerException e) {
            return false;
        }
    }

    private boolean isAllowForTheGateway(byte[] answer) {
        try {
            return gateway.read(answer, Fields.EMPTY, "shop.test").action()
                    == com.esperr.gateway.esper.MitigationAction.ALLOW;
        } catch (FailureException e) {
            return false;
        }
    }

    /** The contract once more, on a tree and in other words: no name that decides says anything but allow, or the first one does. */
    private static boolean isDocumentedAllow(byte[] answer) throws IOException {
        ObjectNode lower = JSON.createObjectNode();
        JsonNode tree = JSON.readTree(answer);
        if (!tree.isObject()) {
            return false;
        }
        tree.properties().forEach(member -> lower.set(member.getKey().toLowerCase(Locale.ROOT), member.getValue()));
        ObjectNode mitigation = JSON.createObjectNode();
        lower.path("active_mitigation")
                .properties()
                .forEach(member -> mitigation.set(member.getKey().toLowerCase(Locale.ROOT), member.getValue()));
        for (JsonNode said : List.of(lower.path("action"), lower.path("decision"), mitigation.path("decision"))) {
            if (!said.isMissingNode() && !said.isNull()) {
                return said.isTextual() && ALLOWS.contains(said.asText().toLowerCase(Locale.ROOT));
            }
        }
        return true;
    }

    private String object(int depth) {
        StringBuilder object = new StringBuilder("{");
        int members = random.nextInt(4);
        for (int i = 0; i < members; i++) {
            String value = depth > 0 && random.nextInt(3) == 0 ? object(depth - 1) : pick(VALUES);
            object.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(pick(NAMES))
                    .append("\":")
                    .append(value);
        }
        return object.append('}').toString();
    }

    /** Half of them with something cut, doubled or exchanged. */
    private String damaged(String json) {
        int at = random.nextInt(json.length());
        return switch (random.nextInt(8)) {
            case 0 -> json.substring(0, at);
            case 1 -> json.substring(0, at) + json.substring(at + 1);
            case 2 -> json.substring(0, at) + (char) (' ' + random.nextInt(95)) + json.substring(at + 1);
            case 3 -> json + json.substring(at);
            default -> json;
        };
    }

    private String pick(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }

    private static MitigationAnswerReader gateway() {
        EsperConfig config = Configurations.read(
                        ConfigSource.load(null, Map.of(), Map.of("esper.api-key", Fixtures.KEY)),
                        root -> EsperConfig.read(root.section("esper"), true))
                .value();
        return new MitigationAnswerReader(config, RedirectRules.of("api.esperr.com", List.of()));
    }
}
