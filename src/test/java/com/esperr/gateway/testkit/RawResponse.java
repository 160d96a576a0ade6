package com.esperr.gateway.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * One final response as it stood on the wire. Immutable.
 *
 * @param rawHead status line and header lines with their line ends
 * @param body the first bytes of the decoded body, at most 4 MiB of it
 * @param bodyLength the length of the whole decoded body
 * @param bodyCrc32 the checksum of the whole decoded body
 * @param trailers fields after the last chunk
 * @param interim the 1xx heads that came before, raw
 */
public record RawResponse(
        String rawHead,
        String statusLine,
        int status,
        RawHeaders headers,
        byte[] body,
        long bodyLength,
        long bodyCrc32,
        RawHeaders trailers,
        List<String> interim) {

    /** The kept part of the body, one char a byte. */
    public String bodyText() {
        return Wire.text(body);
    }

    /** The first value of that header, or an empty text. */
    public String header(String name) {
        String value = headers.first(name);
        return value == null ? "" : value;
    }

    @Override
    public String toString() {
        return Wire.escape(rawHead) + Wire.escape(bodyText());
    }

    /** Status line and headers of a response, before its body is read. */
    record Head(String raw, String statusLine, int status, RawHeaders headers) {

        static Head parse(String raw) {
            List<String> lines = new ArrayList<>(List.of(raw.split("\r\n")));
            String statusLine = lines.isEmpty() ? "" : lines.remove(0);
            if (!statusLine.matches("HTTP/1\\.[01] [1-9][0-9]{2} .*")) {
                throw new AssertionError(
                        "status line: " + Wire.escape(raw) + " (expected: HTTP/1.x, three digits and a blank)");
            }
            List<String> problems = new ArrayList<>();
            RawHeaders headers = RawHeaders.parse(lines, problems);
            if (!problems.isEmpty()) {
                throw new AssertionError("response head: " + problems);
            }
            return new Head(raw, statusLine, Integer.parseInt(statusLine.substring(9, 12)), headers);
        }

        boolean isInterim() {
            return status < 200 && status != 101;
        }

        /** Whether a body can follow at all, given the method that was asked. */
        boolean mayHaveBody(String method) {
            return !method.equals("HEAD") && status >= 200 && status != 204 && status != 304;
        }
    }
}
