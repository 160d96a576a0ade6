package com.esperr.gateway.architecture;

import com.esperr.gateway.bound.Bounded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The list of fields that can grow, each with the reason why that is no danger. Immutable.
 *
 * @param fields the reason by the name of the field
 */
record CollectionsList(Map<String, CollectionsList.Reason> fields) {
    /** Why a field may hold many things. */
    enum Reason {
        /** A gauge says how full it is: the name of that follows. */
        FILL,
        /** Of a request, a call or a connection: bounded by its limits, and gone with it. */
        EXCHANGE,
        /** As many as there are event loops, sockets, parts of the gateway or listeners to it. */
        PARTS,
        /** As many as are configured, in the files or the policies. */
        CONFIGURATION,
        /** As many as there are words for it here. */
        VOCABULARY,
        /** Filled while it is made, and read from then on; or gone when what was to be made is. */
        MAKING,
        /** Of a command, which ends. */
        COMMAND,
        /** Has a bound, and nothing is lost by it: what is shown of the past, say. */
        WINDOW;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Reason of(String word, String line) {
            return Arrays.stream(values())
                    .filter(reason -> reason.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> wrong(line));
        }
    }

    static CollectionsList read(Path file) {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CollectionsList parse(List<String> lines) {
        Map<String, Reason> fields = new TreeMap<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split(" ", -1);
            if (words.length < 2) {
                throw wrong(line);
            }
            Reason reason = Reason.of(words[1], line);
            boolean named = words.length == 3
                    && Arrays.stream(Bounded.values())
                            .anyMatch(what -> what.label().equals(words[2]));
            if (reason == Reason.FILL ? !named : words.length != 2) {
                throw wrong(line);
            }
            if (fields.put(words[0], reason) != null) {
                throw wrong(line);
            }
        }
        return new CollectionsList(fields);
    }

    private static IllegalArgumentException wrong(String line) {
        return new IllegalArgumentException(line + " (expected: a field once, a reason of "
                + Arrays.toString(Reason.values()) + ", and a name of Bounded behind fill)");
    }
}
