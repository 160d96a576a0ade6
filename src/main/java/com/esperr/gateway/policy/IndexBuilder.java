package com.esperr.gateway.policy;

import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.net.CidrTrie;
import com.esperr.gateway.policy.Expression.Comparison;
import com.esperr.gateway.request.RequestField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts together the index of a policy set while it is compiled. Confined to the thread that compiles. */
final class IndexBuilder {
    private final FieldSlots slots;
    private final List<Integer> firsts = new ArrayList<>();
    private final List<Integer> always = new ArrayList<>();
    private final Map<Cidr, List<Integer>> networks = new LinkedHashMap<>();
    private final Map<FieldSlot, Entries> fields = new LinkedHashMap<>();
    private int clauses;

    IndexBuilder(FieldSlots slots) {
        this.slots = slots;
    }

    /** The following clauses are those of the next policy. */
    void policy() {
        firsts.add(clauses);
    }

    /** A clause, of which all {@code expressions} must be true. */
    void clause(List<Expression> expressions) {
        Necessary necessary = Necessary.ofAll(expressions);
        if (necessary == null) {
            always.add(clauses);
        } else {
            necessary.comparisons().forEach(this::enter);
        }
        clauses++;
    }

    PolicyIndex build() {
        policy();
        long[] bits = new long[(clauses + Long.SIZE - 1) / Long.SIZE];
        always.forEach(number -> bits[number >> 6] |= 1L << number);
        return new PolicyIndex(
                bits,
                fields.entrySet().stream()
                        .map(entry -> entry.getValue().index(entry.getKey()))
                        .toList(),
                CidrTrie.of(numbers(networks)),
                firsts.stream().mapToInt(Integer::intValue).toArray());
    }

    private void enter(Comparison comparison) {
        boolean address = comparison.field().field() == RequestField.CLIENT_IP;
        Operator operator = comparison.operator();
        if (address && (operator == Operator.EQUALS || operator == Operator.IN || operator == Operator.IN_RANGE)) {
            for (String network : comparison.operands()) {
                Cidr.parseNamed(network).forEach(cidr -> enter(networks, cidr));
            }
            return;
        }
        FieldSlot slot = slots.of(comparison.field(), comparison.ignoreCase());
        Entries entries = fields.computeIfAbsent(slot, unknown -> new Entries());
        List<String> texts = comparison.ignoreCase()
                ? comparison.operands().stream().map(Inputs::fold).toList()
                : comparison.operands();
        switch (operator) {
            case EQUALS, IN -> texts.forEach(text -> enter(entries.equal, text));
            case STARTS_WITH -> texts.forEach(text -> enter(entries.beginnings, text));
            case ENDS_WITH -> texts.forEach(text -> enter(entries.endings, reversed(text)));
            case CONTAINS, CONTAINS_ANY -> texts.forEach(text -> enter(entries.parts, text));
            default -> enter(entries.there, true);
        }
    }

    private <K> void enter(Map<K, List<Integer>> entries, K key) {
        entries.computeIfAbsent(key, unknown -> new ArrayList<>()).add(clauses);
    }

    /** By characters as {@code charAt} counts them: {@code reverse()} would keep pairs in order. */
    private static String reversed(String text) {
        char[] backwards = new char[text.length()];
        for (int i = 0; i < backwards.length; i++) {
            backwards[i] = text.charAt(backwards.length - 1 - i);
        }
        return new String(backwards);
    }

    private static <K> Map<K, int[]> numbers(Map<K, List<Integer>> entries) {
        return entries.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().stream()
                                .mapToInt(Integer::intValue)
                                .distinct()
                                .toArray()));
    }

    /** What is asked of one field. */
    private static final class Entries {
        private final Map<String, List<Integer>> equal = new LinkedHashMap<>();
        private final Map<String, List<Integer>> beginnings = new LinkedHashMap<>();
        private final Map<String, List<Integer>> endings = new LinkedHashMap<>();
        private final Map<String, List<Integer>> parts = new LinkedHashMap<>();
        private final Map<Boolean, List<Integer>> there = new LinkedHashMap<>();

        FieldIndex index(FieldSlot slot) {
            return new FieldIndex(
                    slot,
                    numbers(equal),
                    trie(beginnings),
                    trie(endings),
                    trie(parts),
                    numbers(there).get(true));
        }

        private static @Nullable TextTrie<int[]> trie(Map<String, List<Integer>> entries) {
            return entries.isEmpty() ? null : TextTrie.of(numbers(entries));
        }
    }
}
