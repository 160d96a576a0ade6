package com.esperr.gateway.hybrid;

import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.ReturnUrl;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.KeyHash;
import com.esperr.gateway.state.StateKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key of a request: Esper's own, which only a trusted hop may name, or the configured inputs. Immutable and
 * thread-safe.
 */
public final class MitigationKeys {
    private static final String ESPERS = "x-esper-hybrid-key";
    private static final String PLACE = "return-url";
    private static final String GENERATION = "generation";
    private static final int LONGEST = 512;

    private final HashSeed seed;
    private final List<FieldReference> inputs;
    private final String names;
    // The names of the inputs are part of the key, so that a snapshot of other inputs is never hit. Only copies are
    // added to.
    private final KeyHash begun;

    MitigationKeys(HashSeed seed, List<FieldReference> inputs) {
        this.seed = seed;
        this.inputs = inputs;
        this.names = inputs.toString();
        this.begun = new KeyHash(seed).add(names);
    }

    /** The key under which an answer about {@code request} is remembered. */
    public StateKey of(RequestContext request) {
        StateKey espers = espers(request);
        return espers == null ? byInputs(request) : espers;
    }

    /** The names of the inputs, as they are configured. */
    public List<String> inputs() {
        return inputs.stream().map(FieldReference::toString).toList();
    }

    /**
     * The key of somebody whose inputs have these values, in the order of {@link #inputs}, null where there is none.
     *
     * @throws IllegalArgumentException if they are not as many
     */
    public StateKey ofValues(List<@Nullable String> values) {
        if (values.size() != inputs.size()) {
            throw new IllegalArgumentException(
                    "values: " + values.size() + " (expected: " + inputs.size() + ", as in hybrid.inputs)");
        }
        KeyHash hash = new KeyHash(begun);
        values.forEach(hash::add);
        return hash.key();
    }

    /** The key of whom Esper knows under {@code hybridKey}; null if that is nothing a request could name. */
    public @Nullable StateKey ofHybridKey(String hybridKey) {
        return hybridKey.isEmpty() || hybridKey.length() > LONGEST
                ? null
                : new KeyHash(seed).add(ESPERS).add(hybridKey).key();
    }

    /** The key that a trusted hop named, or null. */
    @Nullable
    StateKey espers(RequestContext request) {
        String named = request.hybridKey();
        return named == null ? null : ofHybridKey(named);
    }

    StateKey byInputs(RequestContext request) {
        KeyHash hash = new KeyHash(begun);
        for (FieldReference input : inputs) {
            hash.add(input.value(request));
        }
        return hash.key();
    }

    /** Stands for the place that a visitor comes back to after a challenge. */
    StateKey place(RequestContext request) {
        return new KeyHash(seed).add(PLACE).add(ReturnUrl.of(request)).key();
    }

    /** Different for other secrets and other inputs; tells nothing about either. */
    long generation() {
        return new KeyHash(seed).add(GENERATION).add(names).key().high();
    }

    HashSeed seed() {
        return seed;
    }
}
