package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.request.RequestContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index only saves work: whoever asks every clause of every policy decides the same. 120 sets, 1000 requests each. */
class IndexedLikeNaiveTest {
    private static final int SETS = 15;
    private static final int REQUESTS = 1_000;
    private static final List<String> WORDS = List.of(
            "a", "b", "ab", "ba", "abc", "cab", "/a", "/a/b", "/", "Bot", "bot/1", "\u00fc", "\u00dc", "1", "7");
    private static final List<String> ADDRESSES =
            List.of("10.0.0.1", "10.0.0.2", "10.0.1.1", "192.0.2.7", "2001:db8::1", "2001:db8:1::1", "::1");
    private static final List<String> NETWORKS =
            List.of("10.0.0.0/8", "10.0.0.0/31", "10.0.0.2", "2001:db8::/32", "2001:db8:1::/48", "private", "loopback");
    private static final List<String> TEXT_OPERATORS = List.of(
            "equals",
            "not_equals",
            "contains",
            "not_contains",
            "starts_with",
            "not_starts_with",
            "ends_with",
            "not_ends_with");
    private static final List<String> LIST_OPERATORS = List.of("in", "not_in", "contains_any", "not_contains_any");
    private static final List<String> FIELDS = List.of(
            "request_path",
            "request_method",
            "request_header[x-a]",
            "request_header[x-b]",
            "user_agent",
            "query_param[q]",
            "cookie[c]",
            "request_host",
            "client_ip");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void decidesTheSame(long seed) {
        Random random = new Random(seed);
        int decided = 0;
        for (int set = 0; set < SETS; set++) {
            PolicySet policies = Sample.policies(directory, policies(random));
            PolicyEngine engine = Sample.engine(policies);
            for (int i = 0; i < REQUESTS; i++) {
                Sample.Request request = request(random);
                Sample.Answer answer = request.ask(engine);
                String expected = naive(policies, request.context());
                Cause cause = answer.decision == null ? null : answer.decision.cause();
                assertThat(cause == null ? null : cause.policy() + " " + cause.clause())
                        .isEqualTo(expected);
                decided += expected == null ? 0 : 1;
            }
        }
        assertThat(decided).isBetween(SETS * REQUESTS / 50, SETS * REQUESTS);
    }

    private static @Nullable String naive(PolicySet set, RequestContext request) {
        Inputs inputs = new Inputs(request, set.facts());
        for (Policy policy : set.policies()) {
            if (policy.scope().matches(inputs)) {
                for (Clause clause : policy.clauses()) {
                    if (clause.condition().matches(inputs)) {
                        return policy.id() + " " + clause.cause().clause();
                    }
                }
            }
        }
        return null;
    }

    private static String policies(Random random) {
        StringBuilder text = new StringBuilder("actions = [ { action_id = act, expression = ")
                .append(condition(random, 1))
                .append(" } ]\nentities = [ { name = who, key_fields = [ client_ip ], match_expression = ")
                .append(condition(random, 1))
                .append(" } ]\npolicies = [\n");
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            text.append("{ policy_id = p").append(i).append(", priority = ").append(random.nextInt(3));
            if (random.nextInt(4) == 0) {
                text.append(", enabled = false");
            }
            if (random.nextInt(3) == 0) {
                text.append(", scope = ").append(condition(random, 2));
            }
            text.append(", clauses = [");
            for (int j = random.nextInt(4); j >= 0; j--) {
                // Both parts, so that a clause about nearly everything does not hide what is behind it.
                text.append(" { mitigation = block, match { all = [ ")
                        .append(condition(random, 2))
                        .append(", ")
                        .append(condition(random, 1))
                        .append(" ] }")
                        .append(random.nextInt(5) == 0 ? ", actions = [ act ]" : "")
                        .append(random.nextInt(5) == 0 ? ", entity = who" : "")
                        .append(" }");
            }
            text.append(" ] }\n");
        }
        return text + "]";
    }

    private static String condition(Random random, int depth) {
        switch (depth == 0 ? 0 : random.nextInt(7)) {
            case 1 -> {
                return "{ all = [ " + conditions(random, depth - 1) + " ] }";
            }
            case 2 -> {
                return "{ any = [ " + conditions(random, depth - 1) + " ] }";
            }
            case 3 -> {
                return "{ not " + condition(random, depth - 1) + " }";
            }
            case 4 -> {
                return random.nextInt(4) == 0 ? "{ cel = \"" + cel(random, depth + 1) + "\" }" : comparison(random);
            }
            default -> {
                return comparison(random);
            }
        }
    }

    private static String cel(Random random, int depth) {
        String field = pick(
                List.of("user_agent", "request_path", "query_param.q", "cookie['c']", "client_ip", "referrer"), random);
        String word = pick(WORDS, random);
        return switch (depth == 0 ? 4 + random.nextInt(4) : random.nextInt(8)) {
            case 0 -> "(" + cel(random, depth - 1) + " && " + cel(random, depth - 1) + ")";
            case 1 -> "(" + cel(random, depth - 1) + " || " + cel(random, depth - 1) + ")";
            case 2 -> "!(" + cel(random, depth - 1) + ")";
            case 3 ->
                pick(List.of("has(cookie.c)", "'q' in query_param", "size(cookie) > 0", "int(cookie.c) > 3"), random);
            case 4 -> field + pick(List.of(" == ", " != "), random) + "'" + word + "'";
            case 5 -> field + " in ['" + word + "', '" + pick(WORDS, random) + "']";
            case 6 -> "'" + word + "' == " + field;
            default -> field + "." + pick(List.of("contains", "startsWith", "endsWith"), random) + "('" + word + "')";
        };
    }

    private static String conditions(Random random, int depth) {
        List<String> conditions = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            conditions.add(condition(random, depth));
        }
        return String.join(", ", conditions);
    }

    private static String comparison(Random random) {
        String field = pick(FIELDS, random);
        boolean address = field.equals("client_ip");
        String ignoring = random.nextInt(3) == 0 ? ", ignore_case = true" : "";
        String begin = "{ field = \"" + field + "\"" + ignoring + ", operator = ";
        switch (random.nextInt(8)) {
            case 0 -> {
                return begin + pick(List.of("is_present", "is_not_present"), random) + " }";
            }
            case 1 -> {
                return begin + "matches_regex, value = \"^/?[ab]+$\" }";
            }
            case 2, 3 -> {
                List<String> from = address ? ADDRESSES : WORDS;
                String operator = pick(address ? List.of("in", "not_in") : LIST_OPERATORS, random);
                return begin + operator + ", value = [ \"" + pick(from, random) + "\", \"" + pick(from, random)
                        + "\" ] }";
            }
            case 4 -> {
                String operator = pick(List.of("in_range", "not_in_range"), random);
                return begin + operator + ", value = [ \"" + pick(NETWORKS, random) + "\" ] }";
            }
            case 5 -> {
                return begin + pick(List.of("Gt", "Lte"), random) + ", value = 3 }";
            }
            default -> {
                String operator = pick(TEXT_OPERATORS, random);
                boolean whole = operator.endsWith("equals");
                return begin + operator + ", value = \"" + pick(address && whole ? ADDRESSES : WORDS, random) + "\" }";
            }
        }
    }

    private static Sample.Request request(Random random) {
        String query =
                random.nextBoolean() ? "" : "?q=" + pick(List.of("a", "ab", "7", "%C3%BC", "", "10.0.0.2"), random);
        Sample.Request request = Sample.get(pick(List.of("/", "/a", "/a/b", "/ab", "/%C3%BC"), random) + query)
                .from(pick(ADDRESSES, random))
                .method(pick(List.of("GET", "POST", "a"), random));
        for (String name : List.of("X-A", "X-B", "User-Agent")) {
            if (random.nextBoolean()) {
                request.with(
                        name, pick(WORDS, random).replaceAll("[^ -~]", "u") + pick(List.of("", "c", "/1"), random));
            }
        }
        return random.nextBoolean() ? request : request.with("Cookie", "c=" + pick(List.of("a", "ab", "7"), random));
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
