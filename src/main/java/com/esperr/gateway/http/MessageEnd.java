package com.esperr.gateway.http;

/**
 * The end of one message and the trailer lines that came with it. Immutable.
 *
 * @param trailers the trailer lines, mostly none
 */
public record MessageEnd(Fields trailers) {
    /** An end without trailers. */
    public static final MessageEnd PLAIN = new MessageEnd(Fields.EMPTY);
}
