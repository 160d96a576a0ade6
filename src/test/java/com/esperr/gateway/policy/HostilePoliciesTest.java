package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.RequestContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a policy file says, it is read or refused with a reason; whatever a request is like, it is decided. */
class HostilePoliciesTest {
    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            "=",
            ":",
            ",",
            "\n",
            "${a}",
            "null",
            "-1",
            "1e999",
            "true",
            "\\",
            "#",
            "'",
            "policies",
            "match",
            "all",
            "any",
            "not",
            "cel",
            "field",
            "operator",
            "value",
            "Always",
            "client_ip",
            "body[",
            "body[a->b]",
            "in_range",
            "in_country",
            "matches_regex",
            "(((",
            "a{1000}{1000}",
            "\"(?:\"",
            "request_header[x]",
            "entity",
            "\u0000",
            "\ud800",
            "\uffff",
            "2001:db8::/129",
            "0.0.0.0/0",
            "x.exists(y, y)",
            "user_agent.matches('(')");
    private static final List<String> CELS = List.of(
            "user_agent",
            "cookie.a",
            "query_param['a']",
            "body['a->b']",
            "request_header[user_agent]",
            "'a'",
            "1",
            "2.0",
            "true",
            "null",
            "[1, 'a']",
            "{'a': 1}",
            "{}",
            "observed_at",
            "client_ip",
            "route_param",
            "dyn(1)",
            "type(1)",
            "b'\\xff'",
            "duration('1s')",
            "x");
    private static final List<String> CEL_FORMS = List.of(
            "(%s) == (%s)",
            "(%s) != (%s)",
            "!(%s) || (%s)",
            "(%s) && (%s)",
            "(%s) in (%s)",
            "(%s).contains(%s)",
            "(%s).exists(x, %s)",
            "(%s).map(x, %s)",
            "(%s) ? (%s) : true",
            "(%s) + (%s)",
            "size(%s) > (%s)",
            "(%s)[%s]",
            "string(%s).matches(%s)",
            "in_range(%s, %s)",
            "in_country(%s, %s)",
            "(%s) < (%s)",
            "int(%s) / int(%s) == 1",
            "has(%s.a) || (%s)",
            "(%s).all(x, (%s) == x)",
            "timestamp(%s) < (%s)",
            "(%s).filter(x, x == (%s)).size() == 1");

    @TempDir
    private Path directory;

    private List<Path> corpus() throws IOException {
        try (Stream<Path> bad = Files.list(Path.of("src", "test", "resources", "config", "bad", "policies"));
                Stream<Path> good = Files.list(Path.of("conf", "policies"))) {
            return Stream.concat(bad, good)
                    .filter(path -> !path.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aDamagedFileIsReadOrRefused(long seed) throws IOException {
        Random random = new Random(seed);
        List<RequestContext> requests = requests(random, 3);
        for (Path file : corpus()) {
            String sound = Files.readString(file);
            for (int i = 0; i < 8; i++) {
                StringBuilder damaged = new StringBuilder(sound);
                for (int j = random.nextInt(4); j >= 0; j--) {
                    int at = random.nextInt(damaged.length());
                    int end = Math.min(damaged.length(), at + random.nextInt(random.nextInt(10) == 0 ? 200 : 4));
                    damaged.replace(at, end, random.nextBoolean() ? "" : pick(TOKENS, random));
                }
                load(damaged.toString(), i % 4 == 0 ? "hostile.json" : "hostile.conf", requests);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void noiseIsReadOrRefused(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            StringBuilder noise = new StringBuilder();
            for (int j = random.nextInt(40); j >= 0; j--) {
                noise.append(pick(TOKENS, random)).append(random.nextInt(3) == 0 ? " " : "");
            }
            load(noise.toString(), i % 2 == 0 ? "hostile.json" : "hostile.conf", List.of());
        }
    }

    /** Deep nesting must not end the thread that reads. */
    @Test
    void depthIsRefused() throws IOException {
        for (String one : List.of("[", "{a:", "{\"policies\":[", "{ policies = [ { scope = { not = ")) {
            load(one.repeat(20_000), "hostile.conf", List.of());
        }
        String not =
                "{ not = ".repeat(3_000) + "{ field = request_path, operator = Eq, value = a }" + "}".repeat(3_000);
        load(
                "policies = [ { policy_id = p, scope = " + not + ", clauses = [ { mitigation = block } ] } ]",
                "h.conf",
                List.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 7})
    void everyExpressionIsRefusedOrAnswersEveryRequest(long seed) {
        Random random = new Random(seed);
        List<RequestContext> requests = requests(random, 20);
        int sound = 0;
        for (int i = 0; i < 1_500; i++) {
            String text = cel(random, 1 + random.nextInt(2));
            CelExpression expression;
            try {
                expression = CelExpression.parse(text);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageNotContaining("Exception");
                continue;
            }
            sound++;
            FieldSlots slots = new FieldSlots();
            Condition condition = new ConditionCompiler(slots).compile(new Expression.Cel(expression));
            for (RequestContext request : requests) {
                condition.matches(new Inputs(request, slots.size()));
            }
        }
        assertThat(sound).isGreaterThan(50);
    }

    /** What an operator looks for is found at the end of the longest value, and not found beside it. */
    @Test
    void longValuesAreLookedAtWhole() {
        String value = "ab".repeat(30_000) + "needle-9";
        RequestContext request = Sample.get("/").with("X", value).context();
        List<String> fulfilled = List.of(
                "operator = contains, value = needle",
                "operator = contains_any, value = [ none, needle ]",
                "operator = contains_any, value = [ needle, " + "none, ".repeat(20) + "none ]",
                "operator = ends_with, value = needle-9",
                "operator = not_equals, value = needle-9",
                "operator = not_contains, value = \"needle-8\"",
                "operator = matches_regex, value = \"needle-[0-9]$\"",
                "operator = in, value = [ \"" + value + "\" ]",
                "operator = equals, ignore_case = true, value = \"" + value.toUpperCase(Locale.ROOT) + "\"");
        for (String test : fulfilled) {
            PolicySet policies = Sample.policies(
                    directory,
                    "policies = [ { policy_id = p, clauses = [ { mitigation = block, match { field ="
                            + " \"request_header[x]\", " + test + " } } ] } ]");
            Sample.Answer answer = new Sample.Answer();
            Sample.engine(policies).decide(request, new Deadline(0), answer);
            assertThat(answer.word()).as(test.substring(0, 25)).isEqualTo("block");
        }
    }

    private static String cel(Random random, int depth) {
        return depth == 0
                ? pick(CELS, random)
                : pick(CEL_FORMS, random).formatted(cel(random, depth - 1), cel(random, depth - 1));
    }

    private void load(String text, String name, List<RequestContext> requests) throws IOException {
        Path file = Files.write(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8));
        LoadedPolicies loaded = PolicyLoader.load(List.of(file));
        if (!loaded.problems().isEmpty()) {
            assertThat(loaded.policies()).isSameAs(PolicySet.EMPTY);
            return;
        }
        PolicyEngine engine = Sample.engine(loaded.policies());
        for (RequestContext request : requests) {
            Sample.Answer answer = new Sample.Answer();
            engine.decide(request, new Deadline(0), answer);
            assertThat(answer.told).isEqualTo(1);
        }
    }

    /** Requests whose texts are long, odd or not there. */
    private static List<RequestContext> requests(Random random, int count) {
        List<RequestContext> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Sample.Request request = Sample.get(
                            "/" + noise(random).replaceAll("[^a-z]", "") + "?a=" + "%ff+&=&&b".repeat(i))
                    .from(random.nextBoolean() ? "2001:db8::1" : "192.0.2.1");
            for (String name : List.of("User-Agent", "Cookie", "X", "Content-Type", "Referer")) {
                if (random.nextBoolean()) {
                    request.with(name, noise(random));
                }
            }
            RequestContext context = request.context();
            if (random.nextBoolean()) {
                context.bodyFields(
                        new BodyFields(Map.of("body[a->b]", noise(random), "body[a]", ""), random.nextBoolean()));
            }
            requests.add(context);
        }
        return requests;
    }

    private static String noise(Random random) {
        StringBuilder noise = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(5) == 0 ? 8_000 : 20); i > 0; i--) {
            noise.append((char) (random.nextInt(4) == 0 ? 0x80 + random.nextInt(0x80) : 0x20 + random.nextInt(0x5f)));
        }
        return noise.toString();
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
