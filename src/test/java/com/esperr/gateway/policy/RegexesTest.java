package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "(((((x{10}){10}){10}){10}){10})",
                "(?:[a-z]{100}){100}",
                "((a|b){30,60}c){100}",
                "(\\d{1,3}){2000}"
            })
    void repeatsOfRepeatsAreRefusedBeforeTheyAreWrittenOut(String regex) {
        assertThatThrownBy(() -> Regexes.finder(regex, false)).hasMessageContaining("smaller regular expression");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                "^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$",
                "(?i)(bot|crawl|spider|slurp){1}",
                "\\{1000000\\}",
                "[{][0-9]{3}[]})]",
                "a{,5}",
                "x{2,}"
            })
    void whatPeopleWriteIsAccepted(String regex) {
        assertThat(Regexes.finder(regex, false)).isNotNull();
    }

    @Test
    void theLengthIsBounded() {
        assertThat(Regexes.finder("a".repeat(900), false)).isNotNull();
        assertThatThrownBy(() -> Regexes.finder("[" + "a".repeat(999) + "]", false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSmallExpressionSeesEverythingARequestCanHoldAndALargeOneTheBeginning() {
        assertThat(Regexes.finder("bad(bot|spider)", false).test(" ".repeat(32_000) + "badbot"))
                .isTrue();
        String large = "(x{1,100}y|bad)";
        assertThat(Regexes.finder(large, false).test(" ".repeat(1_021) + "bad")).isTrue();
        assertThat(Regexes.finder(large, false).test(" ".repeat(32_000) + "bad"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a)\\1", "(?=a)", "[z-a]", "(", ")", "*", "a**", "\\", "[", "x{2001}"})
    void whatRe2DoesNotKnowIsRefused(String regex) {
        assertThatThrownBy(() -> Regexes.finder(regex, false))
                .isInstanceOfAny(PatternSyntaxException.class, IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "abc, 3",
        "a{10}, 10",
        "(ab){10}, 40",
        "(a{10}b){10}, 130",
        "[abc]{7}, 7",
        "\\{9, 2",
        "((a{10}){10}){10}, 1220"
    })
    void theEstimateMultipliesRepeatsOut(String regex, long size) {
        assertThat(RepeatSize.of(regex)).isEqualTo(size);
    }

    @Test
    void aHostileValueTakesTimeInProportionToItsLength() {
        // Takes years with an engine that tries every split; here it is a few thousand steps.
        assertThat(Regexes.finder("^(a+)+$", false).test("a".repeat(5_000) + "!"))
                .isFalse();
    }
}
