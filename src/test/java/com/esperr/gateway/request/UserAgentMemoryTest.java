package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserAgentMemoryTest {
    private final List<String> searched = new ArrayList<>();
    private final UserAgentMemory<String> memory = new UserAgentMemory<>(text -> {
        searched.add(text);
        return "of " + text;
    });

    @Test
    void whatComesAgainIsNotSearchedAgain() {
        for (int i = 0; i < 3; i++) {
            assertThat(memory.of(String.valueOf("a browser".toCharArray()))).isEqualTo("of a browser");
        }

        assertThat(searched).containsExactly("a browser");
    }

    @Test
    void textsOfOnePlaceAreToldApart() {
        // Two texts with the same hash.
        for (int i = 0; i < 2; i++) {
            assertThat(memory.of("Aa")).isEqualTo("of Aa");
            assertThat(memory.of("BB")).isEqualTo("of BB");
        }

        assertThat(searched).containsExactly("Aa", "BB", "Aa", "BB");
    }

    @Test
    void aFloodOfTextsIsSearchedAndNotKept() {
        for (int i = 0; i < 20_000; i++) {
            assertThat(memory.of("agent " + i)).isEqualTo("of agent " + i);
        }
        String large = "x".repeat(513);
        assertThat(memory.of(large)).isEqualTo(memory.of(large));

        assertThat(searched).hasSize(20_002);
        for (int i = 0; i < 20_000; i++) {
            assertThat(memory.of("agent " + i)).isEqualTo("of agent " + i);
        }
        assertThat(searched)
                .as("of these it has kept 512 at the most")
                .hasSizeGreaterThanOrEqualTo(20_002 + 20_000 - 512);
    }
}
