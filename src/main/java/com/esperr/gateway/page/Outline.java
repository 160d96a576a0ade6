package com.esperr.gateway.page;

import com.esperr.gateway.http.Escapes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private final PageHead packedHead;
    /** Made for the first reader who takes it; two at once make the same. */
    private volatile @Nullable Packed packed;

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
        this.packedHead = head.packed();
    }

    /** The page with these values, each of which is escaped; in the form of gzip if its reader takes that. */
    Page page(Reader reader, String link, boolean gzip) {
        byte[] site = escaped(reader.site());
        byte[] reference = escaped(reader.reference());
        byte[] onward = escaped(link);
        byte[][] values = new byte[places.length][];
        for (int i = 0; i < places.length; i++) {
            values[i] = switch (places[i]) {
                case SITE -> site;
                case REFERENCE -> reference;
                case LINK -> onward;
            };
        }
        boolean fit = Packed.fits(site) && Packed.fits(reference) && Packed.fits(onward);
        return gzip && fit ? new Page(packed().page(values), packedHead) : new Page(plain(values), head);
    }

    private Packed packed() {
        Packed made = packed;
        if (made == null) {
            made = new Packed(plain);
            packed = made;
        }
        return made;
    }

    private static byte[] escaped(String text) {
        return utf8(Escapes.html(text));
    }

    private byte[] plain(byte[][] values) {
        int whole = length;
        for (byte[] value : values) {
            whole += value.length;
        }
        byte[] page = new byte[whole];
        int at = append(page, 0, plain[0]);
        for (int i = 0; i < values.length; i++) {
            at = append(page, at, values[i]);
            at = append(page, at, plain[i + 1]);
        }
        return page;
    }

    private static int append(byte[] page, int at, byte[] piece) {
        System.arraycopy(piece, 0, page, at, piece.length);
        return at + piece.length;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
