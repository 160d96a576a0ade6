package com.esperr.gateway.page;

import com.esperr.gateway.http.Weight;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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
        int bestWeight = 0;
        int end = -1;
        for (int i = 0; i < MOST && end < accepted.length() && bestWeight < Weight.FULL; i++) {
            int start = end + 1;
            int comma = accepted.indexOf(',', start);
            end = comma < 0 ? accepted.length() : comma;
            String range = accepted.substring(start, end).strip().toLowerCase(Locale.ROOT);
            int semicolon = range.indexOf(';');
            String name = (semicolon < 0 ? range : range.substring(0, semicolon)).strip();
            int dash = name.indexOf('-');
            Language known = BY_TAG.get(dash < 0 ? name : name.substring(0, dash));
            int weight = known == null
                    ? 0
                    : weight(semicolon < 0 ? "" : range.substring(semicolon + 1).strip());
            if (known != null && weight > bestWeight) {
                best = known;
                bestWeight = weight;
            }
        }
        return best;
    }

    private static int weight(String parameter) {
        return parameter.startsWith("q=") ? Weight.parse(parameter.substring(2).strip()) : Weight.FULL;
    }
}
