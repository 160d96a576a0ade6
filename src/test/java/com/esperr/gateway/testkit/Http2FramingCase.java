package com.esperr.gateway.testkit;

import com.esperr.gateway.testkit.FramingCase.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as a client of HTTP/2 or HTTP/3 sends it, allowed or not, and what has to come of it. Immutable; {@code
 * framing/http2.txt} and {@code framing/http3.txt} hold them all.
 *
 * @param name what is odd about it, with the section that says so
 * @param head names and values in turns
 * @param data the payloads of DATA frames
 * @param trailers names and values in turns; if there are any they end the request
 */
public record Http2FramingCase(
        String name, List<String> head, List<byte[]> data, List<String> trailers, Outcome outcome) {
    private static final String EQUALS = " =";

    /** All cases of the table. */
    public static List<Http2FramingCase> all() {
        return read("http2.txt", "http");
    }

    /** All cases of the table of HTTP/3. */
    public static List<Http2FramingCase> http3() {
        return read("http3.txt", "https");
    }

    private static List<Http2FramingCase> read(String file, String scheme) {
        return CaseFile.read(file).stream().map(block -> of(block, scheme)).toList();
    }

    @Override
    public String toString() {
        return name;
    }

    private static Http2FramingCase of(CaseFile.Block block, String scheme) {
        List<String> head = new ArrayList<>();
        List<byte[]> data = new ArrayList<>();
        List<String> trailers = new ArrayList<>();
        int at = 0;
        for (; !block.lines().get(at).startsWith("=> "); at++) {
            String[] words = block.lines().get(at).split(" ", 2);
            switch (words[0]) {
                case ">" -> usual(words[1], scheme, head);
                case "+" -> field(words[1], head);
                case "many" -> many(Integer.parseInt(words[1]), head);
                case "data" -> data.add(Wire.bytes(text(words[1])));
                case "-" -> field(words[1], trailers);
                default ->
                    throw new IllegalArgumentException(
                            block.name() + ": " + block.lines().get(at));
            }
        }
        List<Outcome> outcomes =
                FramingCase.outcomes(block.lines().subList(at, block.lines().size()));
        if (outcomes.size() != 1) {
            throw new IllegalArgumentException(block.name() + ": outcomes: " + outcomes.size() + " (expected: one)");
        }
        return new Http2FramingCase(block.name(), head, data, trailers, outcomes.get(0));
    }

    private static void usual(String methodAndPath, String scheme, List<String> head) {
        String[] words = methodAndPath.split(" ");
        head.addAll(List.of(":method", text(words[0]), ":scheme", scheme, ":authority", "gw.test"));
        head.addAll(List.of(":path", text(words[1])));
    }

    private static void field(String line, List<String> fields) {
        int equals = line.indexOf(EQUALS);
        fields.add(text(line.substring(0, equals)));
        fields.add(text(line.substring(equals + EQUALS.length()).strip()));
    }

    private static void many(int count, List<String> fields) {
        for (int i = 0; i < count; i++) {
            fields.addAll(List.of("x-" + i, "1"));
        }
    }

    private static String text(String escaped) {
        return escaped.equals("\\e") ? "" : CaseFile.unescape(escaped);
    }
}
