package com.esperr.gateway.compression;

import com.esperr.gateway.config.Section;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Section {@code compression}: which responses are compressed on their way to the visitor. Immutable.
 *
 * @param enabled whether any is
 * @param codings those that are offered, the preferred one first
 * @param types media types, in lower case; {@code type/*} is all of that type
 * @param minLength the shortest body of a known length
 * @param level from fast to small, 1 to 9
 * @param atOnce how many responses at the most; further ones pass as they are
 */
public record CompressionConfig(
        boolean enabled, List<Coding> codings, Set<String> types, long minLength, int level, int atOnce) {
    /** Nothing is compressed. */
    public static final CompressionConfig OFF = new CompressionConfig(false, List.of(), Set.of(), 0, 1, 0);

    private static final Pattern TYPE = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]+/(\\*|[a-z0-9!#$%&'+.^_`|~-]+)");

    /** Reads the section. */
    public static CompressionConfig read(Section section) {
        CompressionConfig read = new CompressionConfig(
                section.flag("enabled"),
                List.copyOf(section.parsedList("codings", "zstd, br or gzip", CompressionConfig::coding)),
                new HashSet<>(section.parsedList(
                        "types", "a media type such as text/html or text/*", CompressionConfig::type)),
                section.bytes("min-length", 0, 1 << 30),
                section.integer("level", 1, 9),
                section.integer("at-once", 1, 1_000_000));
        if (read.enabled) {
            read.check(section);
        }
        return read;
    }

    private void check(Section section) {
        List<String> here = Arrays.stream(Coding.values())
                .filter(Coding::available)
                .map(Coding::label)
                .toList();
        for (Coding coding : codings) {
            if (!here.contains(coding.label())) {
                String library = coding == Coding.BR ? "brotli4j and its native jar" : "zstd-jni";
                section.problem(
                        "codings",
                        coding.label(),
                        "of " + here + ", as the library " + library + " does not load here");
            }
        }
        if (codings.isEmpty()) {
            section.problem("codings", "[]", "at least one of " + here);
        }
    }

    private static Coding coding(String text) {
        return Coding.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static String type(String text) {
        String type = text.toLowerCase(Locale.ROOT);
        if (!TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("not a media type");
        }
        return type;
    }
}
