package com.esperr.gateway.replay;

import com.esperr.gateway.request.BotFacts;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a line of an access log of nginx or Apache in the combined format: {@code ADDRESS - USER [TIME] "REQUEST" STATUS BYTES
 * "REFERER" "USER-AGENT"}, also behind a host name ({@code vhost_combined}). Confined to one line.
 */
final class CombinedLine {
    private static final Map<String, Integer> MONTHS = Map.ofEntries(
            Map.entry("Jan", 1),
            Map.entry("Feb", 2),
            Map.entry("Mar", 3),
            Map.entry("Apr", 4),
            Map.entry("May", 5),
            Map.entry("Jun", 6),
            Map.entry("Jul", 7),
            Map.entry("Aug", 8),
            Map.entry("Sep", 9),
            Map.entry("Oct", 10),
            Map.entry("Nov", 11),
            Map.entry("Dec", 12));
    private static final int TIME_LENGTH = 26;
    private static final int DAY_SECONDS = 86_400;

    private final String line;
    private int at;

    private CombinedLine(byte[] bytes, int from, int length) {
        this.line = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    /** The request, or null if it is no such line. */
    static @Nullable Recorded read(byte[] bytes, int from, int length) {
        try {
            return new CombinedLine(bytes, from, length).read();
        } catch (IndexOutOfBoundsException | NumberFormatException | DateTimeException other) {
            return null;
        }
    }

    private @Nullable Recorded read() {
        int bracket = line.indexOf(" [");
        if (bracket < 0) {
            return null;
        }
        String[] before = line.substring(0, bracket).split(" ", 5);
        boolean host =
                before.length > 3 && before[0].indexOf(':') > 0 && before[0].indexOf(']') < 0 && before[2].equals("-");
        String client = host ? before[1] : before[0];
        long millis = time(line.substring(bracket + 2, bracket + 2 + TIME_LENGTH));
        at = bracket + 2 + TIME_LENGTH;
        String[] request = quoted().split(" ");
        String referer = quoted();
        String agent = quoted();
        if (request.length != 3 || !request[1].startsWith("/")) {
            return null;
        }
        int mark = request[1].indexOf('?');
        return new Recorded(
                millis,
                null,
                request[0],
                mark < 0 ? request[1] : request[1].substring(0, mark),
                client,
                agent.equals("-") ? null : agent,
                List.of("referrer", "", "request_host"),
                Arrays.asList(
                        referer.equals("-") ? null : referer,
                        mark < 0 ? null : request[1].substring(mark + 1),
                        host ? before[0].substring(0, before[0].lastIndexOf(':')) : null),
                BotFacts.NONE,
                false,
                null,
                // It was served, as far as anybody knows.
                Recorded.Said.NOTHING);
    }

    /** {@code 10/Oct/2000:13:55:36 -0700}. */
    private static long time(String text) {
        Integer month = MONTHS.get(text.substring(3, 6));
        if (month == null) {
            throw new DateTimeException(text);
        }
        long days = LocalDate.of(number(text, 7, 4), month, number(text, 0, 2)).toEpochDay();
        long seconds = number(text, 12, 2) * 3600L + number(text, 15, 2) * 60L + number(text, 18, 2);
        long zone = number(text, 22, 2) * 3600L + number(text, 24, 2) * 60L;
        return (days * DAY_SECONDS + seconds - (text.charAt(21) == '-' ? -zone : zone)) * 1000;
    }

    private static int number(String text, int from, int digits) {
        return Integer.parseInt(text, from, from + digits, 10);
    }

    /** The next text in quotes; both servers write what might end it as {@code \"} or {@code \x22}. */
    private String quoted() {
        int start = line.indexOf('"', at) + 1;
        if (start == 0) {
            throw new IndexOutOfBoundsException();
        }
        int end = start;
        boolean escaped = false;
        while (line.charAt(end) != '"') {
            escaped |= line.charAt(end) == '\\';
            end += line.charAt(end) == '\\' ? 2 : 1;
        }
        at = end + 1;
        String text = line.substring(start, end);
        return escaped ? unescaped(text) : text;
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                plain.append(c);
            } else if (text.charAt(i + 1) == 'x') {
                plain.append((char) Integer.parseInt(text, i + 2, i + 4, 16));
                i += 3;
            } else {
                plain.append(text.charAt(++i));
            }
        }
        return plain.toString();
    }
}
