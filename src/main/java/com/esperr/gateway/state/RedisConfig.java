package com.esperr.gateway.state;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code state.redis}. Immutable.
 *
 * @param address where it is
 * @param username who logs in, empty for the default user
 * @param password with what, empty for nothing
 * @param caFile PEM file of the authorities to trust instead of the JDK's, or null
 * @param timeout how long one command may take
 * @param connectTimeout how long a connection may take, with TLS and login
 * @param firstPause how long after a failed attempt to connect the next one is made
 * @param longestPause how long at the most, after many
 * @param queue commands under way at once, and writes kept for when Redis is back
 * @param prefix what all keys begin with
 */
public record RedisConfig(
        RedisAddress address,
        String username,
        String password,
        @Nullable Path caFile,
        Duration timeout,
        Duration connectTimeout,
        Duration firstPause,
        Duration longestPause,
        int queue,
        String prefix) {
    private static final RedisAddress STAND_IN = new RedisAddress(false, new HostPort("127.0.0.1", 6379), 0);
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final long LONGEST_FILE = 4096;
    private static final String FILE = "password-file";

    static RedisConfig read(Section section) {
        Section pause = section.section("back-off");
        Duration first = pause.duration("first", MILLISECOND, MINUTE);
        Duration longest = pause.duration("longest", MILLISECOND, MINUTE);
        if (longest.compareTo(first) < 0) {
            pause.problem("longest", longest.toMillis() + "ms", "at least first, " + first.toMillis() + "ms");
        }
        String username = section.string("username");
        String password = password(section);
        if (password.isEmpty() && !username.isEmpty()) {
            section.problem("username", username, "empty, or a password too");
        }
        return new RedisConfig(
                section.parsed("url", RedisAddress.FORM, STAND_IN, RedisAddress::parse),
                username,
                password,
                caFile(section),
                section.duration("timeout", MILLISECOND, MINUTE),
                section.duration("connect-timeout", MILLISECOND, MINUTE),
                first,
                longest,
                section.integer("queue", 1, 10_000_000),
                section.parsed("prefix", "1 to 64 letters, digits and . _ : -", "esper", RedisConfig::prefix));
    }

    private static String prefix(String text) {
        if (!PREFIX.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static @Nullable Path caFile(Section section) {
        return section.parsedOrNull("ca-file", "a readable PEM file of certificates", text -> {
            Path file = Path.of(text);
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw new IllegalArgumentException(text);
            }
            return file;
        });
    }

    private static String password(Section section) {
        String direct = section.string("password");
        String file = section.stringOrNull(FILE);
        if (!direct.isEmpty() || file == null) {
            return direct;
        }
        try {
            Path path = Path.of(file);
            String text = Files.size(path) > LONGEST_FILE
                    ? ""
                    : Files.readString(path).strip();
            if (!text.isEmpty()) {
                return text;
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            // Reported like an empty file.
        }
        section.problem(FILE, file, "a readable file that holds only the password");
        return "";
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "RedisConfig[" + address + "]";
    }
}
