package com.esperr.gateway.http2;

import com.esperr.gateway.http.FieldName;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one header block in the order in which they came, as HPACK decodes them. Confined to the event loop of its
 * connection. It is no map: nothing is looked up in it, and a map would have to be built for every request.
 */
public final class HeaderList extends DefaultHttp2Headers {
    static final AsciiString STATUS = AsciiString.cached(":status");

    /** Names at even places, each with its value behind it. */
    private AsciiString[] texts;

    private @Nullable FieldName[] known;
    private int size;

    HeaderList(int expected) {
        super(false, 2);
        texts = new AsciiString[2 * expected];
        known = new FieldName[expected];
    }

    /** Of {@code fields} that were decoded elsewhere, in their order. */
    public static HeaderList of(Iterable<Map.Entry<CharSequence, CharSequence>> fields, int expected) {
        HeaderList list = new HeaderList(expected);
        fields.forEach(field -> list.add(field.getKey(), field.getValue()));
        return list;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (size == known.length) {
            int room = Math.max(8, 2 * size);
            texts = Arrays.copyOf(texts, 2 * room);
            known = Arrays.copyOf(known, room);
        }
        AsciiString text = AsciiString.of(name);
        texts[2 * size] = text;
        texts[2 * size + 1] = AsciiString.of(value);
        known[size] = known(text);
        size++;
        return this;
    }

    /** Drops every field {@code name}. */
    void drop(AsciiString name) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!name(i).contentEquals(name)) {
                texts[2 * kept] = texts[2 * i];
                texts[2 * kept + 1] = texts[2 * i + 1];
                known[kept] = known[i];
                kept++;
            }
        }
        size = kept;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isEmpty() {
        return size == 0;
    }

    /** Asked for by Netty, which must know an interim response from the final one. */
    @Override
    public @Nullable CharSequence status() {
        return !isEmpty() && name(0).contentEquals(STATUS) ? value(0) : null;
    }

    /** The name of field {@code i}. */
    AsciiString name(int i) {
        return texts[2 * i];
    }

    /** The value of field {@code i}. */
    AsciiString value(int i) {
        return texts[2 * i + 1];
    }

    /** Which of the known names {@code name} is, ignoring case, or null. */
    static @Nullable FieldName known(AsciiString name) {
        return FieldName.of(name.array(), name.arrayOffset(), name.arrayOffset() + name.length());
    }

    /** Which of the known names, ignoring case, field {@code i} has, or null. */
    @Nullable
    FieldName known(int i) {
        return known[i];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderList list && Arrays.equals(texts, 0, 2 * size, list.texts, 0, 2 * list.size);
    }

    @Override
    public int hashCode() {
        return Arrays.asList(texts).subList(0, 2 * size).hashCode();
    }

    @Override
    public String toString() {
        return "HeaderList" + Arrays.asList(texts).subList(0, 2 * size);
    }
}
