package com.esperr.gateway.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an application that {@code exec} ran wrote about its requests until it ended, and what the gateway said of the connections that
 * ended without an answer. Immutable.
 *
 * @param lines of the application
 * @param ports from which the gateway had sent requests that were lost, by the reference of the request
 */
record ExecDiary(List<String> lines, Map<String, String> ports) {
    private static final Pattern REFERENCE = Pattern.compile("\r\nEsper-Reference: ([^\r]+)");
    private static final Pattern LOST =
            Pattern.compile("\"reference\":\"([^\"]+)\".*\"failure_detail\":\"[^\"]*, from port (\\d+)\"");

    /**
     * A request as its visitor saw it.
     *
     * @param repeatable whether the gateway may send it twice
     * @param answer what came, or what went wrong
     * @param sent when it was sent, in milliseconds of the wall clock, which is the application's as well
     * @param over when {@code answer} had come
     */
    record Visit(String id, boolean repeatable, String answer, long sent, long over) {
        boolean served() {
            return answer.startsWith("HTTP/1.1 200 ");
        }

        private boolean toldToComeBack() {
            return answer.startsWith("HTTP/1.1 503 ") && answer.contains("\r\nRetry-After: ");
        }

        private boolean lost() {
            return !repeatable && answer.startsWith("HTTP/1.1 502 ");
        }
    }

    /** What the application did to requests that failed, by its own word, and what it did not. */
    record Account(List<String> refused, List<String> cut, List<String> unexplained) {}

    /**
     * Reads it.
     *
     * @param said what the gateway in front of the application wrote
     */
    static ExecDiary read(Path file, List<String> said) {
        Map<String, String> ports = new HashMap<>();
        for (String line : said) {
            Matcher lost = LOST.matcher(line);
            if (lost.find()) {
                ports.put(lost.group(1), lost.group(2));
            }
        }
        try {
            return new ExecDiary(Files.readAllLines(file), ports);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often it was sent this request. */
    int taken(String id) {
        return Collections.frequency(lines, "took " + id);
    }

    /** Goes through requests that failed. */
    Account of(List<Visit> failed) {
        Account account = new Account(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Visit visit : failed) {
            (refused(visit) ? account.refused : cut(visit) ? account.cut : account.unexplained).add(describe(visit));
        }
        return account;
    }

    /**
     * It was not taken after the listener was closed: the answer says truly that another try will do, or it may not be tried again
     * and waited in a connection that the application never accepted, which the kernel resets when a listener closes.
     */
    private boolean refused(Visit visit) {
        if (taken(visit.id) > 0 || visit.over < closing()) {
            return false;
        }
        String port = port(visit);
        return visit.toldToComeBack()
                || visit.lost() && tells("accepted ") && port != null && !lines.contains("accepted " + port);
    }

    /** It was taken and left when the application ended, or its connection was closed at the end, and it must not be sent twice. */
    private boolean cut(Visit visit) {
        if (taken(visit.id) > 0) {
            return (visit.lost() || visit.toldToComeBack()) && lines.contains("cut " + visit.id);
        }
        // Only some applications say of connections what they did to them.
        return visit.lost()
                && visit.over >= closing()
                && (!tells("accepted ") || lines.contains("closed connection " + port(visit)));
    }

    private boolean tells(String what) {
        return lines.stream().anyMatch(line -> line.startsWith(what));
    }

    private @Nullable String port(Visit visit) {
        Matcher reference = REFERENCE.matcher(visit.answer);
        return reference.find() ? ports.get(reference.group(1)) : null;
    }

    /** When it began to take nothing more. */
    private long closing() {
        return lines.stream()
                .filter(line -> line.startsWith("closes "))
                .mapToLong(line -> Long.parseLong(line.substring("closes ".length())))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private String describe(Visit visit) {
        return (visit.repeatable ? "GET " : "POST ") + visit.id + ": "
                + visit.answer.lines().findFirst().orElse("nothing")
                + ", sent " + (visit.sent - closing()) + " ms and over " + (visit.over - closing())
                + " ms after the application closed its listener, in its diary "
                + lines.stream().filter(line -> line.endsWith(" " + visit.id)).toList() + ", of its connection "
                + lines.stream()
                        .filter(line -> line.endsWith(" " + port(visit)))
                        .toList();
    }
}
