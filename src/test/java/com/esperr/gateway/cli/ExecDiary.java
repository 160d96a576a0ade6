package com.esperr.gateway.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What an application that {@code exec} ran wrote about its requests until it ended. Immutable. */
record ExecDiary(List<String> lines) {

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

    static ExecDiary read(Path file) {
        try {
            return new ExecDiary(Files.readAllLines(file));
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

    /** It was not taken, and the answer says truly that another try will do; it cannot be from before the listener was closed. */
    private boolean refused(Visit visit) {
        return taken(visit.id) == 0 && visit.toldToComeBack() && visit.over >= closing();
    }

    /** It was taken and left when the application ended, or its connection was closed at the end, and it must not be sent twice. */
    private boolean cut(Visit visit) {
        boolean proper = visit.lost() || visit.toldToComeBack();
        return taken(visit.id) == 0
                ? proper && visit.lost() && visit.over >= closing()
                : proper && lines.contains("cut " + visit.id);
    }

    /** When it began to take nothing more. */
    private long closing() {
        return lines.stream()
                .filter(line -> line.startsWith("closes "))
                .mapToLong(line -> Long.parseLong(line.substring("closes ".length())))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /** Connections that it closed itself, if it says that of any. */
    long closedConnections() {
        return lines.stream().filter("closed connection"::equals).count();
    }

    private String describe(Visit visit) {
        return (visit.repeatable ? "GET " : "POST ") + visit.id + ": "
                + visit.answer.lines().findFirst().orElse("nothing")
                + ", sent " + (visit.sent - closing()) + " ms and over " + (visit.over - closing())
                + " ms after the application closed its listener, in its diary "
                + lines.stream().filter(line -> line.endsWith(" " + visit.id)).toList();
    }
}
