package com.esperr.gateway.page;

import org.jspecify.annotations.Nullable;

/**
 * What a challenge page asks its reader for. Immutable.
 *
 * @param action where it is sent, a path on the page's own site
 * @param ticket what is sent along; its first 32 characters are hexadecimal digits
 * @param to where the reader goes then, a path on the site, or an absolute URL if the page is another site's
 * @param main what happens by itself, or is asked for
 * @param hand what remains without JavaScript
 */
public record Check(String action, String ticket, String to, Main main, Hand hand) {
    /** What happens by itself, or is asked for. */
    public sealed interface Main {}

    /**
     * The browser works.
     *
     * @param bits how many zero bits are wanted
     * @param least how many do when the time is over
     * @param budgetMillis how long that is
     */
    public record Work(int bits, int least, long budgetMillis) implements Main {}

    /**
     * Somebody else's widget is shown.
     *
     * @param method the name under which its answer is sent
     * @param cssClass by which its script finds its place
     * @param siteKey what it is called there
     * @param script the URL of its script
     * @param sources what has to be allowed besides, as directives of a Content-Security-Policy
     */
    public record Widget(String method, String cssClass, String siteKey, String script, String sources)
            implements Main {}

    /** Nothing is asked for: only the way without JavaScript is left. */
    public enum Nothing implements Main {
        /** The one. */
        NOTHING
    }

    /** What remains without JavaScript. */
    public sealed interface Hand {}

    /** A button to press, or neither a button nor another way. */
    public enum Press implements Hand {
        /** There is a button. */
        BUTTON,
        /** There is no way without JavaScript. */
        NONE
    }

    /**
     * The browser goes on by itself.
     *
     * @param seconds after that long
     * @param url to there
     */
    public record Refresh(long seconds, String url) implements Hand {}

    /** The method of the answer that scripts send, or an empty text. */
    String method() {
        if (main instanceof Widget widget) {
            return widget.method();
        }
        return main instanceof Work ? "proof-of-work" : "";
    }

    /** What goes on by itself without a script, or null. */
    @Nullable
    Refresh refresh() {
        return hand instanceof Refresh refresh ? refresh : null;
    }
}
