package com.esperr.gateway.page;

import com.esperr.gateway.http.Escapes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A page that is finished but for what differs from reader to reader, as the bytes between those places, because a flood is answered with a
 * page each. Immutable.
 */
final class Outline {
    private static final Place[] PLACES = Place.values();

    private final byte[][] plain;
    private final Place[] places;
    private final int length;
    private final PageHead head;

    /** What differs from reader to reader. */
    enum Place {
        /** The host that was asked for. */
        SITE,
        /** The reference of the request. */
        REFERENCE,
        /** Where its reader can go on. */
        LINK;

        // Noncharacters are never part of a text (Unicode 23.7).
        private static final char FIRST = '\uFDD0';

        /** Stands for the value while the page is made. */
        String mark() {
            return String.valueOf((char) (FIRST + ordinal()));
        }

        /** {@code text} without what could be taken for a mark. */
        static String unmarked(String text) {
            String rest = text;
            for (Place place : values()) {
                rest = rest.replace(place.mark(), "");
            }
            return rest;
        }
    }

    /** Of {@code page}, which is under {@code head} and in which marks stand for what is not known yet. */
    Outline(String page, PageHead head) {
        this.head = head;
        List<byte[]> between = new ArrayList<>();
        List<Place> found = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < page.length(); i++) {
            int place = page.charAt(i) - Place.FIRST;
            if (place >= 0 && place < PLACES.length) {
                between.add(utf8(page.substring(from, i)));
                found.add(PLACES[place]);
                from = i + 1;
            }
        }
        between.add(utf8(page.substring(from)));
        this.plain = between.toArray(byte[][]::new);
        this.places = found.toArray(Place[]::new);
        this.length = between.stream().mapToInt(piece -> piece.length).sum();
    }

    /** The page with these values, each of which is escaped. */
    Page page(Reader reader, String link) {
        byte[][] values = new byte[PLACES.length][];
        values[Place.SITE.ordinal()] = utf8(Escapes.html(reader.site()));
        values[Place.REFERENCE.ordinal()] = utf8(Escapes.html(reader.reference()));
        values[Place.LINK.ordinal()] = utf8(Escapes.html(link));
        int whole = length;
        for (Place place : places) {
            whole += values[place.ordinal()].length;
        }
        byte[] page = new byte[whole];
        int at = 0;
        for (int i = 0; i < plain.length; i++) {
            at = append(page, at, plain[i]);
            if (i < places.length) {
                at = append(page, at, values[places[i].ordinal()]);
            }
        }
        return new Page(page, head);
    }

    private static int append(byte[] page, int at, byte[] piece) {
        System.arraycopy(piece, 0, page, at, piece.length);
        return at + piece.length;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
