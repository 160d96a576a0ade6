package com.esperr.gateway.hosting;

import com.esperr.gateway.net.OriginUrl;
import java.net.URI;

/**
 * Somebody else's widget as configured. Immutable.
 *
 * @param method which
 * @param siteKey what the site is called there
 * @param secret by which we are known there
 * @param verifyUrl where answers are looked at
 * @param scriptUrl where a page gets the widget
 */
record Vendor(Method method, String siteKey, String secret, URI verifyUrl, String scriptUrl) {
    /** Scheme, host and port of {@link #verifyUrl}. */
    OriginUrl service() {
        return OriginUrl.parse(verifyUrl.getScheme() + "://" + verifyUrl.getRawAuthority());
    }

    /** The path of {@link #verifyUrl}. */
    String path() {
        String path = verifyUrl.getRawPath();
        return path.isEmpty() ? "/" : path;
    }

    /** By which class its script finds its place on a page. */
    String cssClass() {
        return switch (method) {
            case TURNSTILE -> "cf-turnstile";
            case HCAPTCHA -> "h-captcha";
            case RECAPTCHA -> "g-recaptcha";
            case REFRESH, BUTTON, PROOF_OF_WORK -> "";
        };
    }

    /** What a page may load for it, besides the script. */
    String sources() {
        URI script = URI.create(scriptUrl);
        String own = script.getScheme() + "://" + script.getRawAuthority();
        String more = switch (method) {
            case HCAPTCHA -> " https://hcaptcha.com https://*.hcaptcha.com";
            case RECAPTCHA -> " https://www.google.com https://www.gstatic.com https://www.recaptcha.net";
            case TURNSTILE, REFRESH, BUTTON, PROOF_OF_WORK -> "";
        };
        return "frame-src " + own + more + "; connect-src 'self' " + own + more;
    }
}
