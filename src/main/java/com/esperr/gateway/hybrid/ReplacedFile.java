package com.esperr.gateway.hybrid;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that is replaced as a whole, whatever the process or the machine comes to, and that only its owner can open, where
 * the file system knows owners. Stateless; blocks.
 */
final class ReplacedFile {
    private static final Set<StandardOpenOption> FRESH =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    /** Writes a whole file. */
    interface Content {
        /** Writes all of it; the stream is not closed. */
        void to(OutputStream out) throws IOException;
    }

    private ReplacedFile() {}

    static void write(Path file, Content content) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path directory = absolute.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(directory, mode(absolute, "rwx------"));
        }
        Path fresh = absolute.resolveSibling(absolute.getFileName() + ".new");
        // A left-over, or a link that somebody put there, would keep its own permissions.
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(fresh, FRESH, mode(absolute, "rw-------"))) {
            content.to(Channels.newOutputStream(channel));
            channel.force(true);
        }
        Files.move(fresh, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (directory != null) {
            force(directory);
        }
    }

    /** Makes the new name safe too; where directories cannot be opened, as on Windows, there is nothing to be done. */
    private static void force(Path directory) throws IOException {
        if (isPosix(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileAttribute<?>[] mode(Path file, String permissions) {
        return isPosix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
