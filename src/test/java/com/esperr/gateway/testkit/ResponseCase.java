package com.esperr.gateway.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of an origin and what a client has to get of them. Immutable; {@code framing/responses.txt} holds them all.
 *
 * @param name what is odd about it, with the section that says so
 * @param method the method the client asks with
 * @param version the version the client asks with
 * @param close whether the origin closes behind the bytes
 */
public record ResponseCase(
        String name,
        String method,
        String version,
        byte[] bytes,
        boolean close,
        Outcome outcome,
        int status,
        Relayed relayed,
        Next next) {

    /** What the client gets. */
    public enum Outcome {
        RELAYED,
        FAILED,
        BROKEN
    }

    /** Which connection the next request takes. */
    public enum Next {
        ANY,
        FRESH,
        REUSED,
        RESTED
    }

    /**
     * The details of a relayed response.
     *
     * @param interim the statuses of the interim responses before it; null if they do not matter
     */
    public record Relayed(
            String body,
            List<ExpectedHeader> headers,
            List<ExpectedHeader> trailers,
            @Nullable List<Integer> interim) {}

    /** All cases of the table. */
    public static List<ResponseCase> all() {
        return CaseFile.read("responses.txt").stream()
                .map(block -> new Draft(block).build())
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }

    /** Collects the lines of one case. */
    private static final class Draft {
        private final CaseFile.Block block;
        private final List<ExpectedHeader> headers = new ArrayList<>();
        private final List<ExpectedHeader> trailers = new ArrayList<>();
        private String method = "GET";
        private String version = "HTTP/1.1";
        private boolean close;
        private String body = "";
        private @Nullable List<Integer> interim;
        private Outcome outcome = Outcome.RELAYED;
        private int status;
        private Next next = Next.ANY;

        Draft(CaseFile.Block block) {
            this.block = block;
        }

        ResponseCase build() {
            block.lines().forEach(this::add);
            if (status == 0) {
                throw new IllegalArgumentException(block.name() + ": no outcome (expected: a line with =>)");
            }
            Relayed relayed = new Relayed(body, List.copyOf(headers), List.copyOf(trailers), interim);
            return new ResponseCase(
                    block.name(), method, version, block.bytes(), close, outcome, status, relayed, next);
        }

        private void add(String line) {
            String[] words = line.split(" ", 2);
            String rest = words.length < 2 ? "" : words[1];
            switch (words[0]) {
                case "method" -> method = rest;
                case "client" -> version = rest;
                case "close" -> close = true;
                case "=>" -> outcome(rest.split(" "));
                case "body" -> body = CaseFile.unescape(rest);
                case "has" -> headers.add(ExpectedHeader.has(rest));
                case "lacks" -> headers.add(ExpectedHeader.lacks(rest));
                case "trailer" -> trailers.add(ExpectedHeader.has(rest));
                case "interim" -> interim = statuses(rest);
                case "no" -> interim = List.of();
                case "then" -> next = Next.valueOf(rest.toUpperCase(Locale.ROOT));
                default -> throw new IllegalArgumentException(block.name() + ": " + line);
            }
        }

        private void outcome(String[] words) {
            outcome = switch (words[0]) {
                case "relayed" -> Outcome.RELAYED;
                case "failed" -> Outcome.FAILED;
                case "broken" -> Outcome.BROKEN;
                default -> throw new IllegalArgumentException(block.name() + ": " + words[0]);
            };
            status = Integer.parseInt(words[1]);
        }

        private static List<Integer> statuses(String list) {
            return Arrays.stream(list.split(",")).map(Integer::valueOf).toList();
        }
    }
}
