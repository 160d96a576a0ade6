package com.esperr.gateway.page;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A language that pages are written in. */
public enum Language {
    /** English. */
    EN,
    /** German. */
    DE,
    /** French. */
    FR,
    /** Spanish. */
    ES,
    /** Portuguese. */
    PT,
    /** Italian. */
    IT,
    /** Dutch. */
    NL,
    /** Polish. */
    PL,
    /** Swedish. */
    SV,
    /** Russian. */
    RU,
    /** Ukrainian. */
    UK,
    /** Turkish. */
    TR,
    /** Arabic. */
    AR,
    /** Chinese. */
    ZH,
    /** Japanese. */
    JA,
    /** Korean. */
    KO;

    /** The longest header that is looked at, and the most languages in it; browsers send far less. */
    private static final int LONGEST = 512;

    private static final int MOST = 32;
    private static final Pattern WEIGHT = Pattern.compile("[01](?:\\.[0-9]{0,3})?");
    private static final Map<String, Language> BY_TAG = new HashMap<>();

    static {
        for (Language language : values()) {
            BY_TAG.put(language.tag(), language);
        }
    }

    private final String tag = name().toLowerCase(Locale.ROOT);

    /** As in {@code lang}, RFC 5646. */
    public String tag() {
        return tag;
    }

    /** Which way it is written, as in {@code dir}. */
    String direction() {
        return this == AR ? "rtl" : "ltr";
    }

    /**
     * The one of ours that somebody likes best whose browser sends {@code accepted} as Accept-Language (RFC 9110 12.5.4), by the first
     * part of each tag; the earlier of two that are liked as much.
     */
    static Language of(@Nullable String accepted, Language fallback) {
        if (accepted == null || accepted.length() > LONGEST) {
            return fallback;
        }
        Language best = fallback;
        double bestWeight = 0;
        String[] ranges = accepted.split(",", MOST + 1);
        for (int i = 0; i < Math.min(ranges.length, MOST); i++) {
            String range = ranges[i].strip().toLowerCase(Locale.ROOT);
            int semicolon = range.indexOf(';');
            String name = (semicolon < 0 ? range : range.substring(0, semicolon)).strip();
            int dash = name.indexOf('-');
            Language known = BY_TAG.get(dash < 0 ? name : name.substring(0, dash));
            double weight = known == null
                    ? 0
                    : weight(semicolon < 0 ? "" : range.substring(semicolon + 1).strip());
            if (known != null && weight > bestWeight) {
                best = known;
                bestWeight = weight;
            }
        }
        return best;
    }

    private static double weight(String parameter) {
        if (!parameter.startsWith("q=")) {
            return 1;
        }
        String text = parameter.substring(2).strip();
        // Not parseDouble alone, which also knows NaN, hexadecimal numbers and 1e308.
        return WEIGHT.matcher(text).matches() ? Math.min(1, Double.parseDouble(text)) : 0;
    }
}
