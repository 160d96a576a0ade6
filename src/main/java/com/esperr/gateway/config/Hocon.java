package com.esperr.gateway.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads HOCON files into unresolved configurations; whatever cannot be read becomes a problem and an empty
 * configuration. Bounded in size, depth and number of files. Confined to the thread that reads the configuration.
 */
final class Hocon {
    static final int MAX_BYTES = 4 << 20;
    private static final int MAX_FILES = 100;

    private final List<Problem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<Path> looked = new LinkedHashSet<>();
    private int files;

    List<Problem> problems() {
        return problems;
    }

    List<String> warnings() {
        return warnings;
    }

    /** Reads a file whose includes stay below its directory. */
    Config file(Path file) {
        String text = text(file);
        return text == null ? ConfigFactory.empty() : parse(file, text, ConfinedIncludes.below(this, file, text));
    }

    /** Reads a file that may not include anything. */
    Config alone(Path file) {
        String text = text(file);
        return text == null ? ConfigFactory.empty() : parse(file, text, ConfinedIncludes.refused(this, file, text));
    }

    Config parse(Path file, String text, ConfigIncluder includer) {
        String name = file.toString();
        try {
            return parse(name, text, includer);
        } catch (ConfigException malformed) {
            Location place = malformed.origin() == null ? new Location(name, 0) : Location.of(malformed.origin());
            report(place, detail(malformed, place, text), "HOCON");
        } catch (StackOverflowError tooDeep) {
            report(new Location(name, 0), "nested too deeply", "HOCON of sensible depth");
        }
        return ConfigFactory.empty();
    }

    /** Parses a text whose mistakes are the caller's to report. */
    static Config parse(String name, String text, ConfigIncluder includer) {
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.CONF)
                .setOriginDescription(name)
                .setIncluder(includer);
        return ConfigFactory.parseString(text, options);
    }

    /** The files that were read, or would have been had they been there. */
    Set<Path> looked() {
        return looked;
    }

    /** Whether one more included file may be read; bounds cycles and chains that double at every step. */
    boolean admitsInclude() {
        return ++files <= MAX_FILES;
    }

    /** The text of a file, or null when that is a problem. */
    @Nullable
    String text(Path file) {
        looked.add(file);
        Location place = new Location(file.toString(), 0);
        if (!Files.exists(file)) {
            report(place, "no such file", "a readable HOCON file");
            return null;
        }
        if (Files.isDirectory(file)) {
            report(place, "is a directory", "a readable HOCON file");
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                report(place, "too large", "at most " + ByteSize.format(MAX_BYTES));
                return null;
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException notText) {
            report(place, "not UTF-8", "a text in UTF-8");
        } catch (IOException unreadable) {
            report(place, "not readable", "a readable HOCON file");
        }
        return null;
    }

    void report(Location place, String value, String expectation) {
        problems.add(new Problem(place.toString(), "", value, expectation));
    }

    private static String detail(ConfigException malformed, Location place, String text) {
        String line = place.line() == 0
                ? ""
                : text.lines().skip(place.line() - 1L).findFirst().orElse("");
        String message = String.valueOf(malformed.getMessage());
        // The parser quotes what it stumbled over, which on such a line may be the secret itself.
        if (Masking.sensitive(line)) {
            return "syntax error";
        }
        String prefix = malformed.origin() == null ? "" : malformed.origin().description() + ": ";
        String detail = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
        // Most of the library's advice about a character is for files of other kinds; this is what it comes to.
        return Masking.NONE.scrub(
                detail.replaceFirst("(?s) \\(if you intended '.' .*", "; values with : / { or } need double quotes"));
    }
}
