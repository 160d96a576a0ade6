package com.esperr.gateway.hosting;

import java.util.Locale;

/** The kinds of challenges; how much each says about a visitor is said in configuration. */
public enum Method {
    /** The browser keeps a cookie and comes back by itself after a while; needs no JavaScript, and hardly anybody notices. */
    REFRESH,
    /** A button is pressed; needs no JavaScript. */
    BUTTON,
    /** The browser works for a second. */
    PROOF_OF_WORK,
    /** Cloudflare's widget. */
    TURNSTILE,
    /** Intuition Machines' widget. */
    HCAPTCHA,
    /** Google's widget. */
    RECAPTCHA;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The word in configuration, forms and metrics. */
    public String label() {
        return label;
    }

    /** Its place in a set of methods. */
    int bit() {
        return 1 << ordinal();
    }

    /** Whether a visitor without JavaScript can pass it. */
    boolean byHand() {
        return this == REFRESH || this == BUTTON;
    }
}
