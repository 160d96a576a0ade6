package com.esperr.gateway.transport;

import com.esperr.gateway.config.Section;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A key that names a PEM file of authorities. Stateless. */
public final class CaFile {
    private CaFile() {}

    /** Reads {@code key}, and that the file is there and can be used; null if there is none or it cannot. */
    public static @Nullable Path read(Section section, String key) {
        Path file = readable(section, key);
        if (file == null) {
            return null;
        }
        try {
            // The same reading as later, so that what passes here works there.
            SslContextBuilder.forClient().trustManager(file.toFile());
            return file;
        } catch (IllegalArgumentException unusable) {
            section.problem(key, file.toString(), "a PEM file of certificates");
            return null;
        }
    }

    /** Reads {@code key}, and that the file is there; null if there is none or it cannot be read. */
    public static @Nullable Path readable(Section section, String key) {
        Path file = section.parsedOrNull(key, "the path of a PEM file", Path::of);
        if (file != null && (!Files.isRegularFile(file) || !isReadable(file))) {
            section.problem(key, file.toString(), "a file that can be read");
            return null;
        }
        return file;
    }

    /** By reading, as permissions are not all that can stand in the way. */
    private static boolean isReadable(Path file) {
        try (var stream = Files.newInputStream(file)) {
            return stream.read() >= -1;
        } catch (IOException | SecurityException e) {
            return false;
        }
    }
}
