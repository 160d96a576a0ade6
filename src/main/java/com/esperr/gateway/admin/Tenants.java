package com.esperr.gateway.admin;

import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.policy.PolicyConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What there is once for every tenant of a decision service, or once for every set of policies of a gateway. Immutable.
 *
 * @param now what there is now, by the tenant's id or the name of the set
 * @param word the parameter of a query that chooses one
 * @param usual which is meant where none is named, or null if it must be said
 */
public record Tenants<T>(
        Supplier<Map<String, T>> now, String word, @Nullable String usual) {
    private static final String TENANT = "tenant";
    private static final String SET = "set";

    /** Once for every tenant. */
    public static <T> Tenants<T> tenants(Map<String, T> byId) {
        Map<String, T> all = Map.copyOf(byId);
        return tenants(() -> all);
    }

    /** The same of tenants that may be others later. */
    public static <T> Tenants<T> tenants(Supplier<Map<String, T>> byId) {
        return new Tenants<>(byId, TENANT, null);
    }

    /** Once for every set of policies. */
    public static <T> Tenants<T> sets(Map<String, T> byName) {
        Map<String, T> all = Map.copyOf(byName);
        return sets(() -> all);
    }

    /** The same of sets that may be others later. */
    public static <T> Tenants<T> sets(Supplier<Map<String, T>> byName) {
        return new Tenants<>(byName, SET, PolicyConfig.USUAL);
    }

    /** What there is now, by the tenant's id or the name of the set. */
    public Map<String, T> byId() {
        return now.get();
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return byId().isEmpty();
    }

    /** Something else of each. */
    public <O> Tenants<O> map(Function<T, O> other) {
        return new Tenants<>(
                () -> {
                    Map<String, O> made = new HashMap<>();
                    byId().forEach((id, one) -> made.put(id, other.apply(one)));
                    return made;
                },
                word,
                usual);
    }

    /**
     * That which a query names. A word for what is not here is refused: whoever says it means somebody else.
     *
     * @throws IllegalArgumentException if there is none of that name, it must be said which, or it is said in the other word
     */
    T chosenBy(QueryParameters query) {
        String other = word.equals(TENANT) ? SET : TENANT;
        String meant = query.last(other);
        if (meant != null) {
            throw new IllegalArgumentException(
                    other + ": " + meant + " (expected: " + word + " instead, one of " + names() + ")");
        }
        return of(query.last(word));
    }

    private String names() {
        return String.join(", ", byId().keySet().stream().sorted().toList());
    }

    /**
     * That of one; who is alone need not be named.
     *
     * @throws IllegalArgumentException if there is none of that name, or it must be said which
     */
    T of(@Nullable String named) {
        Map<String, T> byId = byId();
        if (named == null && byId.size() == 1) {
            return byId.values().iterator().next();
        }
        String id = named == null ? usual : named;
        T found = id == null ? null : byId.get(id);
        if (found == null) {
            throw new IllegalArgumentException(
                    word + ": " + (id == null ? "missing" : id) + " (expected: one of " + names() + ")");
        }
        return found;
    }
}
