package com.esperr.gateway.http1;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;

/**
 * Which lines of one head say where its body ends and whether the connection persists, found in one pass. Confined to the
 * event loop of its decoder.
 */
final class FramingLines {
    private static final int LENGTH_DIGITS = 18;

    private int lengths;
    private int lengthLine;
    private int codings;
    private int codingLine;
    private int connections;

    void begin() {
        lengths = 0;
        codings = 0;
        connections = 0;
    }

    /** Notes that line {@code line} is called {@code name}. */
    void count(FieldName name, int line) {
        switch (name) {
            case CONTENT_LENGTH -> {
                lengths++;
                lengthLine = line;
            }
            case TRANSFER_ENCODING -> {
                codings++;
                codingLine = line;
            }
            case CONNECTION -> connections++;
            default -> {}
        }
    }

    /** How many Content-Length lines there are. */
    int lengths() {
        return lengths;
    }

    int lengthLine() {
        return lengthLine;
    }

    /** How many Transfer-Encoding lines there are. */
    int codings() {
        return codings;
    }

    int codingLine() {
        return codingLine;
    }

    /** Whether the connection persists after the message (RFC 9112 section 9.3). */
    boolean keepAlive(Fields fields, int minorVersion) {
        if (connections == 0) {
            return minorVersion > 0;
        }
        if (FieldTokens.listContains(fields, FieldName.CONNECTION, "close")) {
            return false;
        }
        return minorVersion > 0 || FieldTokens.listContains(fields, FieldName.CONNECTION, "keep-alive");
    }

    /** The value of Content-Length line {@code line}, or -1 when it is not 1 to 18 digits. */
    static long length(Fields fields, int line) {
        byte[] block = fields.block();
        int start = fields.valueStart(line);
        int end = fields.valueEnd(line);
        if (end == start || end - start > LENGTH_DIGITS) {
            return -1;
        }
        long length = 0;
        for (int i = start; i < end; i++) {
            if (!Octets.digit(block[i])) {
                return -1;
            }
            length = length * 10 + (block[i] - '0');
        }
        return length;
    }

    /** Whether line {@code line} lists several codings without parameters, of which the last one only is chunked. */
    static boolean listsCodings(Fields fields, int line) {
        byte[] block = fields.block();
        for (int i = fields.valueStart(line); i < fields.valueEnd(line); i++) {
            if (!Octets.token(block[i]) && !Octets.blank(block[i]) && block[i] != ',') {
                return false;
            }
        }
        ListElements elements = new ListElements(fields, line);
        int count = 0;
        boolean chunked = false;
        while (elements.next()) {
            if (chunked || elements.text().indexOf(' ') >= 0 || elements.text().indexOf('\t') >= 0) {
                return false;
            }
            chunked = elements.is("chunked");
            count++;
        }
        return chunked && count > 1;
    }
}
