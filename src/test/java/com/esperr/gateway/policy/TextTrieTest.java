package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTrieTest {
    private static TextTrie<String> trie(Set<String> texts) {
        Map<String, String> values = new LinkedHashMap<>();
        texts.forEach(text -> values.put(text, text));
        return TextTrie.of(values);
    }

    private static Set<String> those(Set<String> texts, Predicate<String> test) {
        return texts.stream().filter(test).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void textsInsideOneAnotherAreAllFound() {
        TextTrie<String> trie = trie(Set.of("he", "she", "his", "hers", "e", "ushers"));
        Set<String> found = new TreeSet<>();
        trie.parts("ushers", found::add);
        assertThat(found).containsExactly("e", "he", "hers", "she", "ushers");
        assertThat(trie.anyPart("xxxhix")).isFalse();
        assertThat(trie.anyPart("xxhis")).isTrue();
        assertThat(trie.anyPart("")).isFalse();
        assertThat(trie(Set.of()).anyPart("a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void findsWhatLookingForEachFinds(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            Set<String> texts = new TreeSet<>();
            for (int i = random.nextInt(30); i >= 0; i--) {
                texts.add(text(random, 1 + random.nextInt(5)));
            }
            TextTrie<String> trie = trie(texts);
            TextTrie<String> backwards = trie(texts.stream()
                    .map(text -> new StringBuilder(text).reverse().toString())
                    .collect(Collectors.toSet()));
            for (int i = 0; i < 30; i++) {
                String value = text(random, random.nextInt(20));
                Set<String> found = new TreeSet<>();
                trie.parts(value, found::add);
                assertThat(found).isEqualTo(those(texts, value::contains));
                assertThat(trie.anyPart(value)).isEqualTo(!found.isEmpty());
                found.clear();
                trie.beginnings(value, found::add);
                assertThat(found).isEqualTo(those(texts, value::startsWith));
                found.clear();
                backwards.endings(
                        value,
                        text -> found.add(new StringBuilder(text).reverse().toString()));
                assertThat(found).isEqualTo(those(texts, value::endsWith));
            }
        }
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("abcde\u00fc\u4e2dfghijkl".charAt(random.nextInt(random.nextInt(10) == 0 ? 14 : 3)));
        }
        return text.toString();
    }
}
