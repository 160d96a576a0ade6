package com.esperr.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProblemTest {
    @Test
    void saysPlacePathValueAndExpectation() {
        assertThat(new Problem("conf/g.conf:12", "limits.body", "0", "1 B..1 GiB"))
                .hasToString("conf/g.conf:12: limits.body: 0 (expected: 1 B..1 GiB)");
        assertThat(new Problem("conf/g.conf", "", "no such file", "a readable HOCON file"))
                .hasToString("conf/g.conf: no such file (expected: a readable HOCON file)");
        assertThat(new Problem("g.conf:1", "limts", "unknown key", "did you mean limits?"))
                .hasToString("g.conf:1: limts: unknown key (did you mean limits?)");
    }

    @Test
    void sortsByFileThenLineAsNumberThenPath() {
        Problem[] problems = {
            new Problem("b.conf:1", "x", "", ""),
            new Problem("a.conf:10", "x", "", ""),
            new Problem("a.conf:9", "y", "", ""),
            new Problem("a.conf:9", "x", "", ""),
            new Problem("a.conf", "", "", ""),
        };
        Arrays.sort(problems);
        assertThat(problems)
                .extracting(problem -> problem.place() + " " + problem.path())
                .containsExactly("a.conf ", "a.conf:9 x", "a.conf:9 y", "a.conf:10 x", "b.conf:1 x");
    }

    @Test
    void locationsSurviveTheirTextForm() {
        for (String place : new String[] {"a.conf:3", "a.conf", "environment PORT", "c:\\g.conf:7", "x:99999999999"}) {
            assertThat(Location.parse(place)).hasToString(place);
        }
    }
}
