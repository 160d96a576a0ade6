package com.esperr.gateway.bouncers;

import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which decisions a bouncer wants to hear of, as the query says. Immutable. */
public final class BouncerFilter {
    private static final int MOST = 100;

    private final List<Predicate<BouncerDecision>> all = new ArrayList<>();

    private BouncerFilter() {}

    /**
     * What {@code query} asks for; parameters that it does not know are passed over.
     *
     * @throws IllegalArgumentException if an address or a network is none; the message names the parameter
     */
    public static BouncerFilter of(QueryParameters query) {
        BouncerFilter filter = new BouncerFilter();
        filter.among(query.first("scopes"), BouncerDecision::scope);
        filter.among(query.first("scope"), BouncerDecision::scope);
        filter.among(query.first("origins"), decision -> BouncerDecision.ORIGIN);
        filter.among(query.first("types"), BouncerDecision::type);
        filter.among(query.first("type"), BouncerDecision::type);
        List<String> wanted = words(query.first("scenarios_containing"));
        List<String> unwanted = words(query.first("scenarios_not_containing"));
        if (!wanted.isEmpty()) {
            filter.all.add(decision -> wanted.stream().anyMatch(decision.scenario()::contains));
        }
        filter.all.add(decision -> unwanted.stream().noneMatch(decision.scenario()::contains));
        filter.where(query);
        return filter;
    }

    /** Whether {@code decision} is wanted. */
    boolean wants(BouncerDecision decision) {
        return all.stream().allMatch(one -> one.test(decision));
    }

    private void where(QueryParameters query) {
        String value = query.first("value");
        if (value != null) {
            all.add(decision -> decision.value().equals(value));
        }
        String ip = query.first("ip");
        if (ip != null) {
            Cidr asked = network("ip", ip);
            all.add(decision -> contains(decision.network(), asked));
        }
        String range = query.first("range");
        if (range != null) {
            Cidr asked = network("range", range);
            boolean inside = "false".equals(query.first("contains"));
            all.add(decision -> inside ? contains(asked, decision.network()) : contains(decision.network(), asked));
        }
    }

    private static boolean contains(Cidr outer, Cidr inner) {
        return outer.bits() <= inner.bits() && outer.contains(inner.network());
    }

    private static Cidr network(String name, String text) {
        try {
            return Cidr.parse(text);
        } catch (IllegalArgumentException none) {
            throw new IllegalArgumentException(name + ": neither an address nor a network", none);
        }
    }

    private interface Text {
        String of(BouncerDecision decision);
    }

    private void among(@Nullable String list, Text text) {
        List<String> words = words(list);
        if (!words.isEmpty()) {
            all.add(decision -> words.stream().anyMatch(text.of(decision)::equalsIgnoreCase));
        }
    }

    private static List<String> words(@Nullable String list) {
        List<String> words = new ArrayList<>();
        for (String word : list == null ? new String[0] : list.split(",", MOST)) {
            if (!word.isBlank()) {
                words.add(word.strip().toLowerCase(Locale.ROOT));
            }
        }
        return words;
    }
}
