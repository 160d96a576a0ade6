package com.esperr.gateway.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files as they are at one moment, so that two moments can be compared. Immutable.
 *
 * @param files each with what the file system says about it
 */
record FileStamps(Map<Path, String> files) {
    /** As they are now; blocks on the file system. */
    static FileStamps now(Collection<Path> files) {
        Map<Path, String> stamps = new LinkedHashMap<>();
        files.forEach(file -> stamps.put(file, stamp(file)));
        return new FileStamps(stamps);
    }

    /** The one that a key names, if it names one: under the same name it may hold something else. */
    static FileStamps named(@Nullable Path file) {
        return now(file == null ? List.of() : List.of(file));
    }

    /** Of {@code other} files as they were at that moment, or are now if nobody looked. */
    FileStamps of(Collection<Path> other) {
        Map<Path, String> stamps = new LinkedHashMap<>();
        other.forEach(file -> {
            String known = files.get(file);
            stamps.put(file, known == null ? stamp(file) : known);
        });
        return new FileStamps(stamps);
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes about = Files.readAttributes(file, BasicFileAttributes.class);
            // The key tells a file from another one that took its name within the same tick of the clock.
            return about.size() + " " + about.lastModifiedTime() + " " + about.fileKey();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
