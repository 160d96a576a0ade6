package com.esperr.gateway.hybrid;

import com.esperr.gateway.http.FieldName;
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
    private static final int LONGEST = 512;

    private final HashSeed seed;
    private final List<FieldReference> inputs;
    // The names of the inputs are part of the key, so that a snapshot of other inputs is never hit.
    private final String names;

    MitigationKeys(HashSeed seed, List<FieldReference> inputs) {
        this.seed = seed;
        this.inputs = inputs;
        this.names = inputs.toString();
    }

    /** The key under which an answer about {@code request} is remembered. */
    public MitigationKey of(RequestContext request) {
        MitigationKey espers = espers(request);
        return espers == null ? byInputs(request) : espers;
    }

    /** The key that a trusted hop named, or null. */
    @Nullable
    MitigationKey espers(RequestContext request) {
        String named = request.fields().get(FieldName.X_ESPER_HYBRID_KEY);
        if (named == null
                || named.isEmpty()
                || named.length() > LONGEST
                || !request.client().peerTrusted()) {
            return null;
        }
        return key(new KeyHash(seed).add(ESPERS).add(named));
    }

    MitigationKey byInputs(RequestContext request) {
        KeyHash hash = new KeyHash(seed).add(names);
        for (FieldReference input : inputs) {
            hash.add(input.value(request));
        }
        return key(hash);
    }

    /** Stands for the place that a visitor comes back to after a challenge. */
    MitigationKey place(RequestContext request) {
        return key(new KeyHash(seed).add(PLACE).add(ReturnUrl.of(request)));
    }

    HashSeed seed() {
        return seed;
    }

    private static MitigationKey key(KeyHash hash) {
        StateKey key = hash.key();
        return new MitigationKey(key.high(), key.low());
    }
}
