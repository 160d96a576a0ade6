package com.esperr.gateway.child;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A program and its arguments, byte for byte. Immutable.
 *
 * <p>Java takes arguments for text in the encoding of the locale, which in most containers is ASCII, and loses what is not.
 */
public final class Command {
    private static final Path OWN = Path.of("/proc/self/cmdline");

    private final List<byte[]> words;
    private final boolean text;

    private Command(List<byte[]> words, boolean text) {
        this.words = words;
        this.text = text;
    }

    /** Of words that are known as text. */
    public static Command of(List<String> words) {
        return new Command(
                words.stream()
                        .map(word -> word.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                speaksUtf8());
    }

    /** Of {@code last}, the last arguments that this process was started with, as they are where the system tells. */
    public static Command ofOwnArguments(List<String> last) {
        try {
            return ofOwnArguments(last, Files.readAllBytes(OWN), speaksUtf8());
        } catch (IOException notTold) {
            return of(last);
        }
    }

    static Command ofOwnArguments(List<String> last, byte[] own, boolean utf8) {
        List<byte[]> all = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < own.length; i++) {
            if (own[i] == 0) {
                all.add(Arrays.copyOfRange(own, start, i));
                start = i + 1;
            }
        }
        if (all.size() < last.size()) {
            return of(last);
        }
        return new Command(List.copyOf(all.subList(all.size() - last.size(), all.size())), utf8);
    }

    private static boolean speaksUtf8() {
        return Charset.defaultCharset().equals(StandardCharsets.UTF_8)
                && System.getProperty("sun.jnu.encoding", "")
                        .toUpperCase(Locale.ROOT)
                        .equals("UTF-8");
    }

    /** The words as a process is started with. */
    List<String> words() {
        return words.stream().allMatch(word -> ascii(word) || (text && utf8(word)))
                ? words.stream().map(Command::shown).toList()
                : List.of("/bin/sh", "-c", script());
    }

    /** A script in ASCII that becomes the program. */
    private String script() {
        StringBuilder script = new StringBuilder();
        StringBuilder exec = new StringBuilder("exec");
        for (int i = 0; i < words.size(); i++) {
            script.append('a').append(i).append("=$(printf '");
            for (byte one : words.get(i)) {
                script.append(String.format(Locale.ROOT, "\\%03o", one & 0xff));
            }
            // A shell takes line ends away from the end of what was printed, and so something stands behind them.
            script.append(".'); a").append(i).append("=${a").append(i).append("%.}; ");
            exec.append(" \"$a").append(i).append('"');
        }
        return script.append(exec).toString();
    }

    private static boolean ascii(byte[] word) {
        for (byte one : word) {
            if (one < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean utf8(byte[] word) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(word));
            return true;
        } catch (CharacterCodingException other) {
            return false;
        }
    }

    private static String shown(byte[] word) {
        return new String(word, StandardCharsets.UTF_8);
    }

    /** The program, for people. */
    @Override
    public String toString() {
        return words.isEmpty() ? "" : shown(words.get(0));
    }
}
