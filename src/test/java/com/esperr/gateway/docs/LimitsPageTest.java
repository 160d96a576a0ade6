package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.config.KeyCatalogue;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/limits.md} are the catalogue of what is bounded, and their keys are keys. */
class LimitsPageTest {
    private static final String FIXED = "fixed: ";
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private static List<List<String>> rows() {
        return Document.read("docs/limits.md").tables("`what`", "Holds", "Bound", "When it is full");
    }

    @Test
    void everythingThatIsBoundedHasOneRow() {
        assertThat(rows().stream().map(row -> Document.code(row.get(0))))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Bounded.values()).map(Bounded::label).toList());
    }

    @Test
    void everyRowNamesKeysThatExistOrAFixedNumber() {
        Set<String> keys = KeyCatalogue.ofReference().entries().stream()
                .map(KeyCatalogue.Entry::key)
                .collect(Collectors.toSet());
        for (List<String> row : rows()) {
            List<String> named = CODE.matcher(row.get(2))
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .toList();
            if (row.get(2).startsWith(FIXED)) {
                assertThat(row.get(2)).as(row.get(0)).matches(FIXED + "[0-9,]+.*");
            } else {
                assertThat(named).as(row.get(0)).isNotEmpty();
            }
            assertThat(keys).as(row.get(0)).containsAll(named);
        }
    }

    @Test
    void everyRowSaysWhatItHoldsAndWhatHappens() {
        assertThat(rows()).allSatisfy(row -> assertThat(row).hasSize(4).noneMatch(String::isBlank));
    }
}
