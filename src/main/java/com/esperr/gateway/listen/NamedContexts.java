package com.esperr.gateway.listen;

import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import java.util.List;

/** Finds what is shown to a visitor by the name he asks for. Stateless. */
final class NamedContexts {
    private NamedContexts() {}

    /**
     * Those of {@code contexts} by the names that the certificates at the same places are for; the first one for a name that nobody
     * has, or that is none at all, as a visitor can write anything.
     */
    static <T> Mapping<String, T> of(List<ShownCertificate> certificates, List<T> contexts) {
        T standard = contexts.get(0);
        DomainWildcardMappingBuilder<T> names = new DomainWildcardMappingBuilder<>(standard);
        // Backwards, as the first certificate for a name is the one to show.
        for (int i = contexts.size() - 1; i >= 0; i--) {
            for (String name : certificates.get(i).names()) {
                names.add(name, contexts.get(i));
            }
        }
        Mapping<String, T> known = names.build();
        return asked -> {
            try {
                return known.map(asked);
            } catch (IllegalArgumentException noName) {
                return standard;
            }
        };
    }
}
