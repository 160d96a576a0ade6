package com.esperr.gateway.http2;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one header block in the order in which they came, as HPACK decodes them. Confined to the event loop of its
 * connection. It is no map: nothing is looked up in it, and a map would have to be built for every request.
 */
public final class HeaderList extends DefaultHttp2Headers {
    static final AsciiString STATUS = AsciiString.cached(":status");

    /** Names at even places, each with its value behind it. */
    private final List<AsciiString> texts;

    HeaderList(int expected) {
        super(false, 2);
        texts = new ArrayList<>(2 * expected);
    }

    /** Of {@code fields} that were decoded elsewhere, in their order. */
    public static HeaderList of(Iterable<Map.Entry<CharSequence, CharSequence>> fields, int expected) {
        HeaderList list = new HeaderList(expected);
        fields.forEach(field -> list.add(field.getKey(), field.getValue()));
        return list;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        texts.add(AsciiString.of(name));
        texts.add(AsciiString.of(value));
        return this;
    }

    /** Drops every field {@code name}. */
    void drop(AsciiString name) {
        for (int i = size() - 1; i >= 0; i--) {
            if (name(i).contentEquals(name)) {
                texts.subList(2 * i, 2 * i + 2).clear();
            }
        }
    }

    @Override
    public int size() {
        return texts.size() / 2;
    }

    @Override
    public boolean isEmpty() {
        return texts.isEmpty();
    }

    /** Asked for by Netty, which must know an interim response from the final one. */
    @Override
    public @Nullable CharSequence status() {
        return !isEmpty() && name(0).contentEquals(STATUS) ? value(0) : null;
    }

    /** The name of field {@code i}. */
    AsciiString name(int i) {
        return texts.get(2 * i);
    }

    /** The value of field {@code i}. */
    AsciiString value(int i) {
        return texts.get(2 * i + 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderList list && texts.equals(list.texts);
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }

    @Override
    public String toString() {
        return "HeaderList" + texts;
    }
}
