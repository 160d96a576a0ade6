package com.esperr.gateway.http;

/** Why a path is refused; each is answered with 400 and never reaches an origin. */
public enum PathRefusal implements PathResult {
    NOT_ABSOLUTE("the path does not begin with a slash"),
    FORBIDDEN_CHARACTER("the path holds a space, a control, '?', '#' or a byte that is not ASCII"),
    BACKSLASH("the path holds a backslash"),
    MALFORMED_PERCENT("a percent sign is not followed by two hexadecimal digits"),
    ENCODED_CONTROL("the path encodes a control character"),
    ENCODED_SLASH("the path encodes a slash"),
    ENCODED_BACKSLASH("the path encodes a backslash"),
    DOUBLE_ENCODED("the path is encoded twice"),
    INVALID_UTF8("the encoded bytes are not UTF-8"),
    SEMICOLON("the path holds a semicolon"),
    TRAILING_DOT_OR_SPACE("a segment ends in a dot or a space"),
    DISGUISED_DOT_SEGMENT("a segment becomes '.' or '..' for some origins"),
    ABOVE_ROOT("the path climbs above the root");

    private final String text;

    PathRefusal(String text) {
        this.text = text;
    }

    /** The reason in words, for the log; never sent to the client. */
    public String text() {
        return text;
    }
}
