package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.RequestField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables in conf/policies/README.md list exactly what there is. */
class PolicyReferenceTest {
    private static List<String> rows(String heading) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("conf", "policies", "README.md"));
        int from = lines.indexOf(heading) + 2;
        assertThat(from).isGreaterThan(1);
        return lines.subList(from, lines.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    @Test
    void everyFieldHasItsRow() throws IOException {
        assertThat(rows("| Field | Is |"))
                .extracting(row -> row.split("`")[1])
                .containsExactlyElementsOf(Arrays.stream(RequestField.values())
                        .map(field -> field.named() ? field.label() + "[name]" : field.label())
                        .toList());
    }

    @Test
    void everyOperatorHasItsRowWithAllItsSpellings() throws IOException {
        List<String> expected = Arrays.stream(Operator.values())
                .map(operator -> {
                    List<String> others = operator
                            .spellings()
                            .subList(1, operator.spellings().size())
                            .stream()
                            .map(spelling -> "`" + spelling + "`")
                            .toList();
                    String also = others.isEmpty() ? "" : String.join(", ", others) + " ";
                    return "| `" + operator.label() + "` | " + also + "|";
                })
                .toList();
        assertThat(rows("| Operator | Also | True if the value |"))
                .extracting(row -> row.substring(0, row.indexOf('|', row.indexOf('|', 1) + 1) + 1))
                .containsExactlyElementsOf(expected);
    }
}
