package com.esperr.gateway.hybrid;

import com.esperr.gateway.entity.EntityKeys;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestField;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.KeyHash;
import com.esperr.gateway.state.StateKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * By which entities, and under which secret, a server tells visitors apart. Immutable and thread-safe. What it tells is
 * remembered under keys of this secret's own, so that nothing told under another one, or learned here, is ever mistaken for it.
 */
final class ToldEntities {
    private final HashSeed seed;
    private final int ipv6Prefix;
    private final Map<String, List<String>> definitions;
    private final HashSeed space;
    private final Map<String, EntityKeys> known = new LinkedHashMap<>();

    /**
     * Entities as a server defines them.
     *
     * @param definitions the key fields by the name of the entity
     */
    ToldEntities(HashSeed seed, int ipv6Prefix, Map<String, List<String>> definitions) {
        this.seed = seed;
        this.ipv6Prefix = ipv6Prefix;
        this.definitions = new TreeMap<>(definitions);
        this.space = seed.derived("pushed/" + ipv6Prefix);
        this.definitions.forEach((name, fields) -> {
            List<FieldReference> references = references(fields);
            if (references != null) {
                known.put(name, new EntityKeys(seed, ipv6Prefix, name, references));
            }
        });
    }

    private static @Nullable List<FieldReference> references(List<String> fields) {
        List<FieldReference> references = new ArrayList<>();
        for (String field : fields) {
            try {
                references.add(FieldReference.parse(field));
            } catch (IllegalArgumentException ofAnotherVersion) {
                return null;
            }
        }
        boolean readable = references.stream().noneMatch(reference -> reference.field() == RequestField.BODY);
        return readable && !references.isEmpty() ? references : null;
    }

    /** Entities whose fields cannot be read here, so that nothing is enforced for them. */
    List<String> unknown() {
        return definitions.keySet().stream()
                .filter(name -> !known.containsKey(name))
                .toList();
    }

    /** Whether visitors of that entity can be recognised. */
    boolean recognises(String entity) {
        return known.containsKey(entity);
    }

    /** Under which what is told of {@code key} is remembered. */
    StateKey key(StateKey key) {
        return new KeyHash(space).add(key.high()).add(key.low()).key();
    }

    /** Adds the keys under which something may have been told of {@code request}'s visitor. */
    void addKeys(RequestContext request, List<StateKey> keys) {
        for (EntityKeys entity : known.values()) {
            keys.add(key(entity.of(request)));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ToldEntities told
                && told.seed.equals(seed)
                && told.ipv6Prefix == ipv6Prefix
                && told.definitions.equals(definitions);
    }

    @Override
    public int hashCode() {
        return seed.hashCode();
    }
}
