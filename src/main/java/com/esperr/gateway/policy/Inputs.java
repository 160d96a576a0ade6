package com.esperr.gateway.policy;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.RequestContext;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one request as conditions see them, each read when the first condition asks. Confined to the event loop of
 * the request.
 *
 * <p>A header that is UTF-8 is compared as UTF-8 and any other as ISO-8859-1: HTTP gives its bytes no meaning, and a policy
 * is written by somebody who sees characters.
 */
final class Inputs {
    private static final Object ABSENT = new Object();

    private final RequestContext request;
    private final Facts facts;
    private @Nullable Object @Nullable [] values;
    private @Nullable Object country;

    Inputs(RequestContext request, Facts facts) {
        this.request = request;
        this.facts = facts;
    }

    /** Nothing but fields can be asked for. */
    Inputs(RequestContext request, int slots) {
        this(request, Facts.of(slots));
    }

    RequestContext request() {
        return request;
    }

    /** The value of a field, or null if the request has none. */
    @Nullable
    String text(FieldSlot slot) {
        @Nullable Object[] known = values;
        if (known == null) {
            known = new Object[facts.slots()];
            values = known;
        }
        Object value = known[slot.index()];
        if (value == null) {
            String read = read(slot);
            value = read == null ? ABSENT : read;
            known[slot.index()] = value;
        }
        return value instanceof String text ? text : null;
    }

    /** Whether the country of the visitor's address is known and one of {@code codes}. */
    boolean isInCountry(Predicate<String> codes) {
        Object known = country;
        if (known == null) {
            String code = facts.countries().countryOf(request.client().address());
            known = code == null ? ABSENT : code;
            country = known;
        }
        return known instanceof String code && codes.test(code);
    }

    /** Whether a text is an address whose country is known and one of {@code codes}. */
    boolean isInCountry(String value, Predicate<String> codes) {
        IpAddress address = IpAddress.parseOrNull(value);
        if (address == null) {
            return false;
        }
        if (address.equals(request.client().address())) {
            return isInCountry(codes);
        }
        String code = facts.countries().countryOf(address);
        return code != null && codes.test(code);
    }

    /** A condition could not be evaluated, and counts as not fulfilled. */
    void failed() {
        facts.errors().increment();
    }

    private @Nullable String read(FieldSlot slot) {
        String text = slot.field().text(request);
        return text == null || !slot.folded() ? text : fold(text);
    }

    /** The form in which texts are equal if they differ in case only. */
    static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
