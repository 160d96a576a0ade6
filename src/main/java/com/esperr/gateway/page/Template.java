package com.esperr.gateway.page;

import com.esperr.gateway.http.Escapes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    private final Piece[] pieces;

    /** A piece of the page; {@code kind} says what {@code text} is, and {@code end} where a part that begins here ends. */
    private record Piece(Kind kind, String text, int end) {}

    private enum Kind {
        PLAIN,
        VALUE,
        BEGIN,
        END
    }

    private Template(List<Piece> pieces) {
        this.pieces = pieces.toArray(Piece[]::new);
    }

    /** Reads {@code resource} and what it includes from the class path. */
    static Template load(String resource) {
        Matcher include = INCLUDE.matcher(read(resource));
        String whole = include.replaceAll(found -> Matcher.quoteReplacement(read(found.group(1))));
        List<Piece> pieces = new ArrayList<>();
        Matcher place = PLACE.matcher(whole);
        int at = 0;
        while (place.find()) {
            pieces.add(new Piece(Kind.PLAIN, whole.substring(at, place.start()), 0));
            Kind kind = switch (place.group(1)) {
                case "#" -> Kind.BEGIN;
                case "/" -> Kind.END;
                default -> Kind.VALUE;
            };
            pieces.add(new Piece(kind, place.group(2), 0));
            if (kind == Kind.END) {
                close(pieces);
            }
            at = place.end();
        }
        pieces.add(new Piece(Kind.PLAIN, whole.substring(at), 0));
        return new Template(pieces);
    }

    /** Tells the beginning of the part that has just ended where that is. */
    private static void close(List<Piece> pieces) {
        int end = pieces.size() - 1;
        for (int i = end - 1; i >= 0; i--) {
            Piece begin = pieces.get(i);
            if (begin.kind == Kind.BEGIN && begin.end == 0 && begin.text.equals(pieces.get(end).text)) {
                pieces.set(i, new Piece(Kind.BEGIN, begin.text, end));
                return;
            }
        }
        throw new IllegalStateException(pieces.get(end).text + ": ends, but does not begin (expected: both)");
    }

    /** The names of its values. */
    Set<String> values() {
        return Set.copyOf(Arrays.stream(pieces)
                .filter(piece -> piece.kind == Kind.VALUE)
                .map(Piece::text)
                .toList());
    }

    /**
     * The page.
     *
     * @param values every place that is shown needs one
     * @param present the parts that are there
     */
    String fill(Values values, Set<String> present) {
        StringBuilder page = new StringBuilder(8 * 1024);
        for (int i = 0; i < pieces.length; i++) {
            Piece piece = pieces[i];
            switch (piece.kind) {
                case BEGIN -> i = present.contains(piece.text) ? i : piece.end;
                case END -> {}
                case PLAIN -> page.append(piece.text);
                case VALUE -> page.append(value(values, piece.text));
            }
        }
        return page.toString();
    }

    private static String value(Values values, String name) {
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
