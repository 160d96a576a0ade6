package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerationTest {
    private final List<String> told = new ArrayList<>();

    /** A part that tells of its end. */
    private final class Part implements AutoCloseable {
        private final String name;

        Part(String name) {
            this.name = name;
        }

        @Override
        public void close() {
            told.add("closed " + name);
        }
    }

    private Part part(Generation parts, String name, String of) throws IOException {
        return parts.part(
                name,
                List.of(of),
                before -> new Part(name + ' ' + of + (before == null ? "" : " after " + before.name)),
                (gone, next) -> told.add(gone.name + " left to " + (next == null ? "nobody" : next.name)));
    }

    @Test
    void whatIsMadeOfTheSameGoesOverAndTheRestIsMadeBeside() throws IOException {
        Generation first = new Generation(null);
        Part same = part(first, "a", "1");
        part(first, "b", "1");
        Generation next = new Generation(first);
        assertThat(part(next, "a", "1")).isSameAs(same);
        assertThat(part(next, "b", "2").name).isEqualTo("b 2 after b 1");
        assertThat(next.made()).containsExactly("b");
        assertThat(told).isEmpty();
        next.relieve();
        assertThat(told).containsExactly("b 1 left to b 2 after b 1");
    }

    @Test
    void whatIsAskedForTwiceIsMadeOnce() throws IOException {
        Generation parts = new Generation(null);
        assertThat(part(parts, "a", "1")).isSameAs(part(parts, "a", "1"));
    }

    @Test
    void whatIsNotWantedAnyMoreIsLeftToNobody() throws IOException {
        Generation first = new Generation(null);
        part(first, "a", "1");
        part(first, "b", "1");
        new Generation(first).relieve();
        assertThat(told).containsExactly("b 1 left to nobody", "a 1 left to nobody");
    }

    @Test
    void whatIsDiscardedClosesOnlyWhatWasMadeForIt() throws IOException {
        Generation first = new Generation(null);
        part(first, "a", "1");
        part(first, "b", "1");
        Generation next = new Generation(first);
        part(next, "a", "1");
        part(next, "b", "2");
        assertThatThrownBy(() -> next.part("c", List.of(), before -> {
                    throw new IOException("key: value (expected: another)");
                }))
                .isInstanceOf(IOException.class);
        next.discard();
        assertThat(told).containsExactly("closed b 2 after b 1");
        first.close();
        assertThat(told).endsWith("closed b 1", "closed a 1");
    }
}
