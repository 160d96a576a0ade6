package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.policy.ActiveMitigation.By;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.state.StateKey;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The active mitigations of one engine's tenant, also by policies that are rolled out, for people who look at them, order one or take one back. Thread-safe; looking
 * through all of them takes its time and is not for event loops.
 */
public final class Mitigations {
    private static final Comparator<Entry> OLDEST_FIRST = Comparator.<Entry>comparingLong(
                    entry -> entry.mitigation().createdAtMillis())
            .thenComparing(entry -> entry.key().toString());
    private static final Duration LONGEST = Duration.ofDays(366);

    private final PolicyEngine engine;

    /** The active mitigations of {@code engine}. */
    public Mitigations(PolicyEngine engine) {
        this.engine = engine;
    }

    /**
     * One that is active.
     *
     * @param key the visitor's
     * @param expiresAtMillis until when, epoch milliseconds
     * @param tried whether policies have ordered it that are rolled out, for the visitors about whom they decide
     */
    public record Entry(StateKey key, ActiveMitigation mitigation, long expiresAtMillis, boolean tried) {
        /** Writes it as an object. */
        public void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("key", key.toString());
            json.writeNumberField("expires_at", expiresAtMillis);
            ActiveMitigationJson.members(mitigation, json);
            if (tried) {
                json.writeBooleanField("rollout", true);
            }
            json.writeEndObject();
        }
    }

    /**
     * The newest of those in whose texts {@code search} is found, newest first.
     *
     * @param search any case; empty for all
     * @param limit how many at the most
     */
    public List<Entry> list(String search, int limit) {
        long now = terms().millis().getAsLong();
        String wanted = search.toLowerCase(Locale.ROOT);
        PriorityQueue<Entry> newest = new PriorityQueue<>(OLDEST_FIRST);
        for (PolicyEngine one : engines()) {
            one.terms().mitigations().forEach((key, kept) -> {
                Entry entry = new Entry(key, kept.value(), kept.expiresAtMillis(), one != engine);
                if (isMine(kept.value()) && kept.expiresAtMillis() > now && isFound(entry, wanted)) {
                    newest.add(entry);
                    if (newest.size() > limit) {
                        newest.remove();
                    }
                }
            });
        }
        return newest.stream().sorted(OLDEST_FIRST.reversed()).toList();
    }

    /** For which entities one can be ordered, each with the written forms of its key fields. */
    public Map<String, List<String>> entities() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (EntityRule rule : engine.inForce().set().entities()) {
            all.put(
                    rule.name(),
                    rule.fields().stream().map(FieldReference::toString).toList());
        }
        return all;
    }

    /**
     * What an order would make active, without doing it.
     *
     * @param fields the visitor's values by the written form of the entity's key fields
     * @param action challenge or block
     * @param reason a sentence for people, or null
     * @throws IllegalArgumentException if it cannot be; the message says what is wrong
     */
    public Entry ordered(
            String entity, Map<String, String> fields, Action action, Duration lifetime, @Nullable String reason) {
        InForce force = engine.inForce();
        EntityRule rule = force.set().entity(entity);
        if (rule == null) {
            throw new IllegalArgumentException("entity: " + entity + " (expected: one of " + names(force) + ")");
        }
        if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("lifetime: " + lifetime + " (expected: up to 366 days)");
        }
        if (action == Action.CHALLENGE && terms().challengeUrl() == null) {
            throw new IllegalArgumentException(
                    "decision: challenge (expected: block, because challenge.url is not set)");
        }
        List<String> given =
                rule.fields().stream().map(FieldReference::toString).toList();
        if (given.stream().noneMatch(fields::containsKey)) {
            throw new IllegalArgumentException("field: none (expected: values of " + String.join(", ", given) + ")");
        }
        long now = terms().millis().getAsLong();
        StateKey key = force.keys()[rule.index()].of(fields);
        Map<String, String> values = new LinkedHashMap<>();
        given.stream().filter(fields::containsKey).forEach(name -> values.put(name, fields.get(name)));
        ActiveMitigation made = new ActiveMitigation(
                terms().tenant(),
                entity,
                values,
                action,
                action.label(),
                null,
                null,
                reason,
                UUID.randomUUID().toString(),
                now,
                By.MANUAL,
                null);
        return new Entry(key, made, now + lifetime.toMillis(), false);
    }

    /** Makes {@code entry} active, instead of what was active for its visitor. */
    public void put(Entry entry) {
        terms().mitigations().put(entry.key(), entry.mitigation(), entry.expiresAtMillis());
    }

    /** What is active for the visitor with that key, by the policies in force and by those that are rolled out. */
    public List<ActiveMitigation> find(StateKey key) {
        return engines().stream()
                .map(one -> find(one, key))
                .filter(Objects::nonNull)
                .toList();
    }

    private @Nullable ActiveMitigation find(PolicyEngine one, StateKey key) {
        ActiveMitigation found =
                one.terms().mitigations().find(key, terms().millis().getAsLong());
        return found != null && isMine(found) ? found : null;
    }

    /** Takes back all that {@link #find} found. */
    public void remove(StateKey key) {
        for (PolicyEngine one : engines()) {
            if (find(one, key) != null) {
                one.terms().mitigations().remove(key);
            }
        }
    }

    /** That of the policies in force, and that of those which are tried beside them. */
    private List<PolicyEngine> engines() {
        PolicyEngine tried = engine.beside();
        return tried == null ? List.of(engine) : List.of(engine, tried);
    }

    private PolicyEngine.Terms terms() {
        return engine.terms();
    }

    private boolean isMine(ActiveMitigation mitigation) {
        return mitigation.tenant().equals(terms().tenant());
    }

    private static boolean isFound(Entry entry, String wanted) {
        if (wanted.isEmpty() || entry.key().toString().startsWith(wanted)) {
            return true;
        }
        ActiveMitigation mitigation = entry.mitigation();
        return contains(mitigation.entity(), wanted)
                || contains(mitigation.policy(), wanted)
                || contains(mitigation.reason(), wanted)
                || contains(mitigation.decisionId(), wanted)
                || mitigation.values().values().stream().anyMatch(value -> contains(value, wanted));
    }

    private static boolean contains(@Nullable String text, String wanted) {
        return text != null && text.toLowerCase(Locale.ROOT).contains(wanted);
    }

    private static String names(InForce force) {
        return Arrays.stream(force.set().entities()).map(EntityRule::name).collect(Collectors.joining(", "));
    }
}
