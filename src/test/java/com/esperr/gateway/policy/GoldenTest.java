package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.policy.Expression.Comparison;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestField;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What conditions mean, case by case, in the files under policy/golden. Every case goes the whole way from file to decision. */
class GoldenTest {
    private static final Set<RequestField> ALWAYS_THERE = EnumSet.of(
            RequestField.REQUEST_METHOD,
            RequestField.REQUEST_PATH,
            RequestField.SOURCE_ID,
            RequestField.OBSERVED_AT,
            RequestField.CLIENT_IP);
    private static final Map<String, PolicySet> SETS = new HashMap<>();

    @TempDir
    private static Path directory;

    private static Path countries;

    @BeforeAll
    static void writeCountries() throws IOException {
        countries = new MmdbWriter()
                .country("192.0.2.0/24", "DE")
                .country("2001:db8:1::/48", "DE")
                .country("203.0.113.0/24", "SE")
                .write(directory.resolve("countries.mmdb"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aConditionMeansWhatItSays(GoldenCase one) {
        PolicySet policies = SETS.computeIfAbsent(one.condition(), GoldenTest::policies);
        RequestContext request = one.context(policies);
        Comparison comparison = comparison(one.condition());
        if (comparison != null) {
            boolean there = comparison.field().value(request) != null;
            assertThat(there).as("the field is there").isEqualTo(!one.expected().equals("absent"));
        }
        Sample.Answer answer = new Sample.Answer();
        Sample.engine(policies).decide(request, new Deadline(0), answer);
        assertThat(answer.word()).isEqualTo(isFulfilled(one, comparison) ? "block" : "abstained");
    }

    private static boolean isFulfilled(GoldenCase one, @Nullable Comparison comparison) {
        return switch (one.expected()) {
            case "yes" -> true;
            case "no" -> false;
            case "absent" -> comparison != null && comparison.operator().opposite() != null;
            default -> throw new AssertionError(one);
        };
    }

    static List<GoldenCase> cases() {
        return GoldenCase.all();
    }

    @Test
    void thereAreEnough() {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(250);
    }

    @Test
    void everyOperatorIsSeenBothWaysAndWithoutTheField() {
        Map<Operator, Set<String>> seen = new HashMap<>();
        for (GoldenCase one : cases()) {
            Comparison comparison = comparison(one.condition());
            if (comparison != null) {
                seen.computeIfAbsent(comparison.operator(), unknown -> new HashSet<>())
                        .add(one.expected());
            }
        }
        for (Operator operator : Operator.values()) {
            Set<String> expected = switch (operator) {
                // To be there and not to fulfil it, or the other way round, is impossible.
                case IS_PRESENT -> Set.of("yes", "absent");
                case IS_NOT_PRESENT -> Set.of("no", "absent");
                default -> Set.of("yes", "no", "absent");
            };
            assertThat(seen.get(operator)).as(operator.label()).isNotNull().containsAll(expected);
        }
    }

    @Test
    void everyFieldIsSeenBothWaysAndMissing() {
        Map<RequestField, Set<String>> seen = new HashMap<>();
        for (GoldenCase one : cases()) {
            Comparison comparison = comparison(one.condition());
            if (comparison != null) {
                seen.computeIfAbsent(comparison.field().field(), unknown -> new HashSet<>())
                        .add(one.expected());
            }
        }
        for (RequestField field : RequestField.values()) {
            assertThat(seen.get(field))
                    .as(field.label())
                    .isNotNull()
                    .containsAll(ALWAYS_THERE.contains(field) ? Set.of("yes", "no") : Set.of("yes", "no", "absent"));
        }
    }

    /** The comparison that a condition consists of, or null if it is something else. */
    private static @Nullable Comparison comparison(String condition) {
        Expression read = Configurations.read(
                        ConfigSource.load(null, Map.of(), Map.of())
                                .withReference(ConfigSource.reference("golden", "match = " + condition)),
                        root -> ExpressionReader.read(root, "match"))
                .value();
        return read instanceof Comparison comparison ? comparison : null;
    }

    private static PolicySet policies(String condition) {
        Path file = Sample.write(
                directory,
                "golden.conf",
                "policies = [ { policy_id = p, clauses = [ { mitigation = block, match = " + condition + " } ] } ]");
        LoadedPolicies loaded = PolicyLoader.load(new PolicyConfig(
                List.of(file), Map.of(), Duration.ZERO, 1, 1, countries, new PolicyConfig.Bodies(1, 1, Duration.ZERO)));
        assertThat(loaded.problems()).isEmpty();
        return loaded.policies();
    }
}
