package com.esperr.gateway.policy;

import com.esperr.gateway.net.IpAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which country an address belongs to. Thread-safe and quick. */
@FunctionalInterface
interface Countries {
    /** Knows none. */
    Countries NONE = address -> null;

    /** What a policy may call a country. */
    String EXPECTATION = "a country code of ISO 3166-1 such as DE";

    /** The code of the country, two upper-case letters, or null if it is not known. */
    @Nullable
    String countryOf(IpAddress address);

    /** Stands for all it says: the same only for what knows the same. */
    default String identity() {
        return "none";
    }

    /**
     * Reads a code.
     *
     * @throws IllegalArgumentException if no country has it
     */
    static String code(String text) {
        String code = text.strip().toUpperCase(Locale.ROOT);
        // Kosovo has none of its own there, and all the databases give it this one.
        if (!code.equals("XK")
                && !Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2).contains(code)) {
            throw new IllegalArgumentException(text + " (expected: " + EXPECTATION + ")");
        }
        return code;
    }

    /** The set of several codes; fails like {@link #code}. */
    static Set<String> codes(Collection<String> texts) {
        Set<String> codes = new HashSet<>();
        texts.forEach(text -> codes.add(code(text)));
        return Set.copyOf(codes);
    }
}
