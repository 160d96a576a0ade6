package com.esperr.gateway.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that policies are read from, as they are at one moment, so that two moments can be compared. Immutable.
 *
 * @param files each with what the file system says about it, in order
 */
record PolicyFiles(List<Seen> files) {
    private static final int BUFFER = 64 * 1024;

    /** One file; what cannot be read is seen as well, with what stands against it. */
    record Seen(Path path, String about, boolean readable) {}

    /** What is there now of {@code paths}, files and directories, and of {@code others}; blocks on the file system. */
    static PolicyFiles now(List<Path> paths, List<Path> others) {
        List<Seen> seen = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                entries(path, seen);
            } else {
                seen.add(seen(path));
            }
        }
        others.forEach(path -> seen.add(seen(path)));
        return new PolicyFiles(List.copyOf(seen));
    }

    /** Whether the file is one that a directory of policies is read for. */
    static boolean isPolicyFile(Path path) {
        String name = path.getFileName().toString();
        return (name.endsWith(".conf") || name.endsWith(".json")) && !name.startsWith(".") && Files.isRegularFile(path);
    }

    /** What is there and is no file, such as a device or a pipe; blocks on the file system. */
    List<Path> noFiles() {
        return files.stream()
                .filter(file -> !file.readable() && Files.exists(file.path()) && !Files.isDirectory(file.path()))
                .map(Seen::path)
                .toList();
    }

    /** Stands for the names and contents; the same only if all of them are. Blocks on the file system. */
    String content() {
        MessageDigest digest = ContentHash.sha256();
        byte[] buffer = new byte[BUFFER];
        for (Seen file : files) {
            digest.update((file.path() + "\n").getBytes(StandardCharsets.UTF_8));
            if (!file.readable()) {
                // A device has no end, and a pipe waits for somebody to write.
                digest.update((byte) 0);
                continue;
            }
            try (InputStream in = new DigestInputStream(Files.newInputStream(file.path()), digest)) {
                while (in.read(buffer) >= 0) {
                    // Read for the digest only.
                }
            } catch (IOException unreadable) {
                digest.update((byte) 0);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void entries(Path directory, List<Seen> seen) {
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(PolicyFiles::isPolicyFile).sorted().forEach(path -> seen.add(seen(path)));
        } catch (IOException | UncheckedIOException unreadable) {
            seen.add(new Seen(directory, String.valueOf(unreadable), false));
        }
    }

    private static Seen seen(Path path) {
        try {
            BasicFileAttributes about = Files.readAttributes(path, BasicFileAttributes.class);
            // The key tells a file from another one that took its name within the same tick of the clock.
            String text = about.size() + " " + about.lastModifiedTime() + " " + about.fileKey();
            return new Seen(path, text, about.isRegularFile());
        } catch (IOException unreadable) {
            return new Seen(path, String.valueOf(unreadable), false);
        }
    }
}
