package com.esperr.gateway.explain;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a command line apart as a POSIX shell does, with quotes and {@code $'…'}, and nothing else of a shell: what would run something or read
 * a variable or a file is refused. Confined to one thread.
 */
final class ShellWords {
    private static final String SPECIAL = "|&;<>()`$*?~#";

    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean begun;
    private int at;

    private ShellWords(String text) {
        this.text = text;
    }

    /**
     * The words of {@code text}.
     *
     * @throws IllegalArgumentException if it is more than words; the message says what is wrong
     */
    static List<String> of(String text) {
        return new ShellWords(text).read();
    }

    private List<String> read() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case ' ', '\t', '\n', '\r' -> end();
                case '\'' -> single();
                case '"' -> doubled();
                case '\\' -> escaped();
                case '$' -> dollar();
                default -> plain(c);
            }
        }
        end();
        return words;
    }

    private void end() {
        if (begun) {
            words.add(word.toString());
            word.setLength(0);
            begun = false;
        }
    }

    private void plain(char c) {
        // In the middle of a word, as in a URL, these are harmless to whoever runs nothing.
        if (SPECIAL.indexOf(c) >= 0 && (!begun || "?*~#".indexOf(c) < 0)) {
            throw new IllegalArgumentException("command: " + c + " outside quotes (expected: one curl command)");
        }
        begun = true;
        word.append(c);
    }

    private void escaped() {
        if (at == text.length()) {
            return;
        }
        char c = text.charAt(at++);
        if (c == '\r' && at < text.length() && text.charAt(at) == '\n') {
            at++;
        } else if (c != '\n') {
            begun = true;
            word.append(c);
        }
    }

    private void single() {
        begun = true;
        int close = text.indexOf('\'', at);
        if (close < 0) {
            throw open("'");
        }
        word.append(text, at, close);
        at = close + 1;
    }

    private void doubled() {
        begun = true;
        for (char c = next("\""); c != '"'; c = next("\"")) {
            if (c == '$' || c == '`') {
                throw new IllegalArgumentException("command: " + c + " inside \" (expected: one curl command)");
            }
            if (c != '\\') {
                word.append(c);
                continue;
            }
            char then = next("\"");
            if ("\"\\$`".indexOf(then) >= 0) {
                word.append(then);
            } else if (then != '\n') {
                word.append(c).append(then);
            }
        }
    }

    private void dollar() {
        if (at == text.length() || text.charAt(at) != '\'') {
            throw new IllegalArgumentException("command: a variable (expected: one curl command)");
        }
        at++;
        begun = true;
        for (char c = next("$'"); c != '\''; c = next("$'")) {
            if (c == '\\') {
                coded(next("$'"));
            } else {
                word.append(c);
            }
        }
    }

    /** An escape of ANSI C inside {@code $'…'}. */
    private void coded(char kind) {
        switch (kind) {
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            case 't' -> word.append('\t');
            case 'a' -> word.append('\u0007');
            case 'b' -> word.append('\b');
            case 'f' -> word.append('\f');
            case 'v' -> word.append('\u000b');
            case 'e' -> word.append('\u001b');
            case 'x' -> number(16, 2);
            case 'u' -> number(16, 4);
            case 'U' -> number(16, 8);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                number(8, 3);
            }
            default -> word.append(kind);
        }
    }

    private void number(int radix, int most) {
        int start = at;
        long value = 0;
        while (at < text.length() && at - start < most && Character.digit(text.charAt(at), radix) >= 0) {
            value = value * radix + Character.digit(text.charAt(at++), radix);
        }
        if (at == start || !Character.isValidCodePoint((int) Math.min(value, Integer.MAX_VALUE))) {
            throw new IllegalArgumentException("command: an escape inside $' (expected: digits of a character)");
        }
        word.appendCodePoint((int) value);
    }

    private char next(String quote) {
        if (at == text.length()) {
            throw open(quote);
        }
        return text.charAt(at++);
    }

    private static IllegalArgumentException open(String quote) {
        return new IllegalArgumentException("command: " + quote + " is not closed (expected: its end)");
    }
}
