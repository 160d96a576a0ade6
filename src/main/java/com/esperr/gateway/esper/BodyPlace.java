package com.esperr.gateway.esper;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A place in a body: {@code body[/user/email]} is a JSON pointer (RFC 6901), {@code body[user->email]} the same as Esper
 * writes it, {@code form[email]} a field of a form. Immutable.
 *
 * @param written as it is written
 * @param form whether it is in a form
 * @param path the name in a form, or the keys on the way down
 */
record BodyPlace(String written, boolean form, List<String> path) {
    private static final String JSON = "body[";
    private static final String FORM = "form[";

    /**
     * Reads the written form; null if it is about something else than the body.
     *
     * @throws IllegalArgumentException if it is about the body and malformed
     */
    static @Nullable BodyPlace parseOrNull(String text) {
        boolean form = text.startsWith(FORM);
        if (!form && !text.startsWith(JSON)) {
            return null;
        }
        String name = text.endsWith("]") ? text.substring(JSON.length(), text.length() - 1) : "";
        if (name.isEmpty() || (!form && name.equals("/"))) {
            throw new IllegalArgumentException("bad brackets (expected: body[/key/key], body[key->key] or form[name])");
        }
        return new BodyPlace(text, form, form ? List.of(name) : path(name));
    }

    /** The places that {@code body[name]} means where it may be JSON or a form. */
    static List<BodyPlace> anywhere(String written) {
        String name = written.substring(JSON.length(), written.length() - 1);
        return List.of(new BodyPlace(written, false, path(name)), new BodyPlace(written, true, List.of(name)));
    }

    private static List<String> path(String name) {
        if (!name.startsWith("/")) {
            return List.of(name.split("->", -1));
        }
        return Stream.of(name.substring(1).split("/", -1))
                .map(key -> key.replace("~1", "/").replace("~0", "~"))
                .toList();
    }
}
