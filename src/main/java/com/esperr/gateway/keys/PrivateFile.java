package com.esperr.gateway.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes files that only their owner can open, where the file system knows owners. Stateless; blocks. */
public final class PrivateFile {
    private PrivateFile() {}

    /** Adds {@code text} at the end, making the file and its directory if need be; it is on the disk when this returns. */
    public static void append(Path file, String text) throws IOException {
        parent(file);
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try (FileChannel channel = FileChannel.open(file, options, ownerOnly(file))) {
            // One write: another process that adds a line at the same moment adds it behind or before this one.
            writeAll(channel, text);
            channel.force(true);
        }
    }

    /** Puts a file that holds {@code text} in place of {@code file}, so that a crash leaves the one or the other. */
    public static void replace(Path file, String text) throws IOException {
        Path absolute = file.toAbsolutePath();
        parent(absolute);
        Path fresh = absolute.resolveSibling(absolute.getFileName() + ".new");
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        // A left-over, or a link that somebody put there, would keep its own permissions.
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(fresh, options, ownerOnly(absolute))) {
            writeAll(channel, text);
            channel.force(true);
        }
        Files.move(fresh, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether everybody on this machine can read {@code file}. */
    public static boolean isReadableByAll(Path file) throws IOException {
        return isPosix(file) && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    }

    private static void parent(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
    }

    private static void writeAll(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return isPosix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
