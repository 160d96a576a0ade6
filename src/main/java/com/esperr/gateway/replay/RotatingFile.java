package com.esperr.gateway.replay;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A file that begins anew when it is full: {@code FILE} becomes {@code FILE.1}, that one {@code FILE.2}, and so on, and the
 * oldest goes. Only its owner can read it. Confined to one thread.
 */
final class RotatingFile implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final Path file;
    private final long bytes;
    private final int keep;
    private final byte[] buffer = new byte[BUFFER];
    private int buffered;
    private int lines;
    private long written;
    private long length;
    private @Nullable OutputStream out;

    /** Appends to {@code file} if it is there; that is opened by {@link #open}, or with the first line. */
    RotatingFile(Path file, long bytes, int keep) {
        this.file = file;
        this.bytes = bytes;
        this.keep = keep;
    }

    /** Opens it, which tells whether it can be written. */
    void open() throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        if (!Files.exists(file)) {
            boolean posix =
                    FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
            Files.createFile(
                    file,
                    posix
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                            }
                            : new FileAttribute<?>[0]);
        }
        length = Files.size(file);
        out = Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Writes a line, to the next file if it does not fit into this one any more. */
    void write(byte[] line) throws IOException {
        if (out == null) {
            // It could not be opened the last time.
            open();
        }
        if (length > 0 && length + line.length > bytes) {
            rotate();
        }
        if (line.length > buffer.length - buffered) {
            flush();
        }
        length += line.length;
        if (line.length > buffer.length) {
            stream().write(line);
            written++;
        } else {
            System.arraycopy(line, 0, buffer, buffered, line.length);
            buffered += line.length;
            lines++;
        }
    }

    void flush() throws IOException {
        int count = buffered;
        int whole = lines;
        // What could not be written is lost, not written twice.
        buffered = 0;
        lines = 0;
        if (count > 0) {
            stream().write(buffer, 0, count);
            written += whole;
        }
    }

    /** Lines that the system has taken. */
    long written() {
        return written;
    }

    private OutputStream stream() throws IOException {
        OutputStream open = out;
        if (open == null) {
            throw new IOException(file + " is not open");
        }
        return open;
    }

    private void rotate() throws IOException {
        close();
        for (int number = keep; number > 0; number--) {
            Path from = number == 1 ? file : numbered(number - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(file);
        open();
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        OutputStream open = out;
        if (open != null) {
            try {
                flush();
            } finally {
                out = null;
                open.close();
            }
        }
    }
}
