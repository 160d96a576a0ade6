package com.esperr.gateway.page;

import com.esperr.gateway.http.Escapes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page with places, read once: <code>{{name}}</code> for a value, which is escaped, <code>{{#name}}</code> to <code>{{/name}}</code>
 * for what is only there sometimes, <code>{{>file}}</code> for another file. Immutable.
 */
final class Template {
    private static final Pattern INCLUDE = Pattern.compile("\\{\\{>([a-z.]+)}}");
    private static final Pattern PLACE = Pattern.compile("\\{\\{([#/]?)([a-z.-]+)}}");

    private final List<Piece> pieces;

    /** A piece of the page; {@code kind} says what {@code text} is. */
    private record Piece(Kind kind, String text) {}

    private enum Kind {
        PLAIN,
        VALUE,
        BEGIN,
        END
    }

    private Template(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /** Reads {@code resource} and what it includes from the class path. */
    static Template load(String resource) {
        Matcher include = INCLUDE.matcher(read(resource));
        String whole = include.replaceAll(found -> Matcher.quoteReplacement(read(found.group(1))));
        List<Piece> pieces = new ArrayList<>();
        Matcher place = PLACE.matcher(whole);
        int at = 0;
        while (place.find()) {
            pieces.add(new Piece(Kind.PLAIN, whole.substring(at, place.start())));
            Kind kind = switch (place.group(1)) {
                case "#" -> Kind.BEGIN;
                case "/" -> Kind.END;
                default -> Kind.VALUE;
            };
            pieces.add(new Piece(kind, place.group(2)));
            at = place.end();
        }
        pieces.add(new Piece(Kind.PLAIN, whole.substring(at)));
        return new Template(pieces);
    }

    /** The names of its values. */
    Set<String> values() {
        return Set.copyOf(pieces.stream()
                .filter(piece -> piece.kind == Kind.VALUE)
                .map(Piece::text)
                .toList());
    }

    /**
     * The page.
     *
     * @param values by name; every place needs one
     * @param present the parts that are there
     */
    String fill(Map<String, String> values, Set<String> present) {
        StringBuilder page = new StringBuilder(16 * 1024);
        int hidden = 0;
        for (Piece piece : pieces) {
            switch (piece.kind) {
                case BEGIN -> hidden += present.contains(piece.text) ? 0 : 1;
                case END -> hidden -= present.contains(piece.text) ? 0 : 1;
                case PLAIN -> page.append(hidden == 0 ? piece.text : "");
                case VALUE -> page.append(hidden == 0 ? value(values, piece.text) : "");
            }
        }
        return page.toString();
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException(name + ": no value (expected: one for every place of the page)");
        }
        return Escapes.html(value);
    }

    private static String read(String resource) {
        try (InputStream in = Template.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + ": missing (expected: beside its class)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
