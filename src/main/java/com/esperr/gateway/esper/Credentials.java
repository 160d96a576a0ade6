package com.esperr.gateway.esper;

import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;
import java.util.Set;

/** What a visitor sends that nobody but the origin may be able to use. Stateless. */
public final class Credentials {
    /** Headers that never leave as they are. */
    static final Set<String> HEADERS = Set.of("authorization", "proxy-authorization", "cookie", "x-esper-api-key");
    /** Cookies of our own, which say that somebody has passed a challenge. */
    static final Set<String> COOKIES = Set.of("esper_challenge");

    private Credentials() {}

    /** Whether {@code fact}, so treated, could be used by whoever sees it. */
    public static boolean told(FieldReference fact, Treatment treatment) {
        boolean legible = treatment.kind() == Treatment.Kind.AS_IS || treatment.kind() == Treatment.Kind.TRUNCATE;
        return legible
                && ((fact.field() == RequestField.REQUEST_HEADER && HEADERS.contains(fact.name()))
                        || (fact.field() == RequestField.COOKIE && COOKIES.contains(fact.name())));
    }
}
