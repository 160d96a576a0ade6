package com.esperr.gateway.esper;

import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Where one entry of {@code fields} comes from and what is done to it, as it is written: {@code cookie[account]}, {@code
 * body[/user/email] | hash}, {@code form[email] | hash}. Immutable.
 *
 * @param fact a fact about the head, or null
 * @param body a place in the body, or null
 * @param treatment what is done to the value
 */
record Extractor(@Nullable FieldReference fact, @Nullable BodyPlace body, Treatment treatment) {
    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static Extractor parse(String text) {
        // Behind the last bracket, as a name inside brackets may hold anything.
        int bar = text.indexOf('|', text.lastIndexOf(']') + 1);
        String from = (bar < 0 ? text : text.substring(0, bar)).strip();
        Treatment treatment =
                bar < 0 ? Treatment.AS_IS : treatment(text.substring(bar + 1).strip());
        BodyPlace body = BodyPlace.parseOrNull(from);
        FieldReference fact = body == null ? FieldReference.parse(from) : null;
        if (fact != null && Credentials.told(fact, treatment)) {
            throw new IllegalArgumentException("a credential (expected: hash or drop, as this is a credential)");
        }
        return new Extractor(fact, body, treatment);
    }

    private static Treatment treatment(String word) {
        try {
            return Treatment.parse(word);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("unknown treatment (expected: " + Treatment.EXPECTED + ")", e);
        }
    }

    /** What is sent about {@code request}, or null if there is nothing. */
    @Nullable
    String value(RequestContext request, KeyedHash hash) {
        if (treatment.kind() == Treatment.Kind.DROP) {
            return null;
        }
        String value = null;
        if (body != null) {
            value = request.bodyFields().values().get(body.written());
        } else if (fact != null) {
            value = fact.value(request);
        }
        return treatment.apply(value, hash);
    }
}
