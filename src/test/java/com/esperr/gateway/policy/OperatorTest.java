package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorTest {
    /** As Esper's documentation lists them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "equals",
                "not equals",
                "contains",
                "not contains",
                "contains any",
                "starts with",
                "not starts with",
                "ends with",
                "matches regex",
                "in",
                "greater than",
                "greater than or equal",
                "less than",
                "less than or equal",
                "is present",
                "is not present",
                "in range",
                "not in range",
                "in country"
            })
    void everyDocumentedOperatorHasItsName(String documented) {
        assertThat(Operator.of(documented)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Eq, EQUALS",
        "NotEq, NOT_EQUALS",
        "Contains, CONTAINS",
        "NotContains, NOT_CONTAINS",
        "ContainsAny, CONTAINS_ANY",
        "StartsWith, STARTS_WITH",
        "NotStartsWith, NOT_STARTS_WITH",
        "EndsWith, ENDS_WITH",
        "MatchesRegex, MATCHES_REGEX",
        "In, IN",
        "NotIn, NOT_IN",
        "Gt, GREATER_THAN",
        "Gte, GREATER_THAN_OR_EQUAL",
        "Lt, LESS_THAN",
        "Lte, LESS_THAN_OR_EQUAL",
        "IsPresent, IS_PRESENT",
        "IsNotPresent, IS_NOT_PRESENT",
        "InRange, IN_RANGE",
        "NotInRange, NOT_IN_RANGE",
        "InCountry, IN_COUNTRY"
    })
    void theSpellingsOfTheCommandLineAreAccepted(String spelling, Operator operator) {
        assertThat(Operator.of(spelling)).isEqualTo(operator);
    }

    @ParameterizedTest
    @EnumSource
    void caseAndSeparatorsDoNotMatter(Operator operator) {
        assertThat(operator.spellings())
                .allSatisfy(spelling -> assertThat(Operator.of(spelling)).isEqualTo(operator))
                .allSatisfy(spelling -> assertThat(
                                Operator.of(spelling.toUpperCase().replace('_', '-')))
                        .isEqualTo(operator));
    }

    @Test
    void noSpellingMeansTwoOperators() {
        Map<String, Operator> seen = new HashMap<>();
        Arrays.stream(Operator.values())
                .forEach(operator -> operator.spellings()
                        .forEach(spelling -> assertThat(
                                        seen.put(spelling.replace("_", "").toLowerCase(), operator))
                                .isIn(null, operator)));
    }

    @Test
    void anythingElseIsNone() {
        assertThat(Operator.of("like")).isNull();
        assertThat(Operator.of("")).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void aNegatedOperatorTakesWhatItsPositiveFormTakes(Operator operator) {
        Operator opposite = operator.opposite();
        if (opposite != null) {
            assertThat(opposite.opposite()).isNull();
            assertThat(operator.operand()).isEqualTo(opposite.operand());
        }
        assertThat(operator.label().contains("not")).isEqualTo(opposite != null);
    }
}
