package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.PathOptions.Treatment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Origins read one path in many ways. Here are seven of them, each a model of a family of servers, and random spellings: whatever the
 * rules let through means to every origin what was decided on.
 */
class PathRulesOriginsTest {

    private static final Map<String, UnaryOperator<String>> ORIGINS = Map.of(
            "decodes, then resolves", path -> resolved(decoded(path)),
            "resolves, then decodes", path -> decoded(resolved(path)),
            "resolves before and after decoding", path -> resolved(decoded(resolved(path))),
            "decodes twice", path -> resolved(decoded(decoded(path))),
            "drops parameters first", path -> resolved(decoded(withoutParameters(path))),
            "drops parameters last", path -> resolved(withoutParameters(decoded(path))),
            "is a Windows file server", path -> resolved(trimmed(decoded(path).replace('\\', '/'))));

    private static final String[] PIECES = {
        "/",
        "/",
        "/",
        "admin",
        "x",
        ".",
        "..",
        ";",
        ";x",
        "\\",
        "%2e",
        "%2E%2e",
        "%2f",
        "%2F",
        "%5c",
        "%61",
        "%25",
        "%",
        "2f",
        "61",
        "%32",
        "%20",
        "%3b",
        "%00",
        "%c0%af",
        "%C3%A9",
        "%u002f",
        "%23",
        "//",
        "%3f",
        "a",
        "%C2%A0",
        "%E2%81%84"
    };

    @Test
    void everyOriginTakesAnAcceptedPathForWhatWasDecided() {
        PathRules rules = new PathRules(PathOptions.STRICT);
        Random random = new Random(3986);
        int accepted = 0;
        for (int i = 0; i < 300_000; i++) {
            String raw = randomPath(random);
            if (!(rules.normalise(raw) instanceof NormalPath normal)) {
                continue;
            }
            accepted++;
            assertThat(rules.normalise(normal.forward())).as(raw).isEqualTo(normal);
            ORIGINS.forEach((kind, origin) -> assertThat(origin.apply(normal.forward()))
                    .as("%s for an origin that %s", raw, kind)
                    .isEqualTo(normal.decide()));
        }
        assertThat(accepted).isGreaterThan(20_000);
    }

    @Test
    void noChoiceOfOptionsLetsADotSegmentThrough() {
        PathRules rules =
                new PathRules(new PathOptions(Treatment.KEEP, Treatment.KEEP, Treatment.KEEP, Treatment.KEEP));
        Random random = new Random(9112);
        int accepted = 0;
        for (int i = 0; i < 200_000; i++) {
            String raw = randomPath(random);
            if (!(rules.normalise(raw) instanceof NormalPath normal)) {
                continue;
            }
            accepted++;
            assertThat(rules.normalise(normal.forward())).as(raw).isEqualTo(normal);
            assertThat(normal.decide()).as(raw).startsWith("/").doesNotContain("//", "\\", "\u0000");
            String trimmed = trimmed(withoutParameters(normal.decide()));
            assertThat(List.of(trimmed.split("/"))).as(raw).doesNotContain(".", "..");
        }
        assertThat(accepted).isGreaterThan(40_000);
    }

    private static String randomPath(Random random) {
        StringBuilder path = new StringBuilder("/");
        for (int pieces = random.nextInt(8); pieces > 0; pieces--) {
            path.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return path.toString();
    }

    private static String resolved(String path) {
        List<String> kept = new ArrayList<>();
        String[] segments = path.split("/", -1);
        for (int i = 1; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].equals("..")) {
                if (!kept.isEmpty()) {
                    kept.remove(kept.size() - 1);
                }
            } else if (!segments[i].isEmpty() && !segments[i].equals(".")) {
                kept.add(last ? segments[i] : segments[i] + "/");
            }
        }
        return "/" + String.join("", kept);
    }

    /** Decodes what can be decoded, once, the wide spelling of older servers included. */
    private static String decoded(String path) {
        byte[] in = path.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        String hex = "0123456789abcdef";
        String lower = new String(in, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        for (int i = 0; i < in.length; i++) {
            int digitsFrom = lower.startsWith("%u00", i) ? i + 4 : i + 1;
            boolean digits = in[i] == '%'
                    && digitsFrom + 1 < in.length
                    && hex.indexOf(lower.charAt(digitsFrom)) >= 0
                    && hex.indexOf(lower.charAt(digitsFrom + 1)) >= 0;
            if (digits) {
                out[length++] = (byte) Integer.parseInt(lower.substring(digitsFrom, digitsFrom + 2), 16);
                i = digitsFrom + 1;
            } else {
                out[length++] = in[i];
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    private static String withoutParameters(String path) {
        return eachSegment(path, segment -> segment.split(";", 2)[0]);
    }

    private static String trimmed(String path) {
        return eachSegment(
                path,
                segment -> segment.equals(".") || segment.equals("..") ? segment : segment.replaceAll("[. ]+$", ""));
    }

    private static String eachSegment(String path, UnaryOperator<String> change) {
        return List.of(path.split("/", -1)).stream().map(change).collect(Collectors.joining("/"));
    }
}
