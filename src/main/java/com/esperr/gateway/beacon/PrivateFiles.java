package com.esperr.gateway.beacon;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Files and directories that only their owner can open, where the file system knows owners. Stateless; blocks. */
final class PrivateFiles {
    private static final int KEY_BYTES = 32;
    private static final String KEY_FILE = "hash.key";

    private PrivateFiles() {}

    /** Makes {@code directory} unless it exists; one that exists keeps its permissions, which are the operator's choice. */
    static void directory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, mode("rwx------"));
        }
    }

    /** Makes an empty file unless it exists. */
    static Path file(Path file) throws IOException {
        try {
            Files.createFile(file, mode("rw-------"));
        } catch (FileAlreadyExistsException known) {
            return file;
        }
        return file;
    }

    /** The secret of hashes that is kept in {@code directory}, made up at the first time. */
    static byte[] hashKey(Path directory) throws IOException {
        Path file = file(directory.resolve(KEY_FILE));
        String known = Files.readString(file).strip();
        if (known.isEmpty()) {
            byte[] made = randomKey();
            Files.writeString(file, HexFormat.of().formatHex(made) + "\n");
            return made;
        }
        try {
            return HexFormat.of().parseHex(known);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": not shown (expected: hexadecimal digits)", e);
        }
    }

    static byte[] randomKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    private static FileAttribute<?>[] mode(String permissions) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
