package com.esperr.gateway.boot;

import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import com.esperr.gateway.telemetry.LogConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether this user can write where a configuration says that something is written, on this machine; nothing is made or changed. Confined to one
 * check.
 */
public final class FilePlaces {
    private static final String FILE = "a file that can be written";

    private final Loaded<GatewayConfig> loaded;
    private final List<Problem> problems = new ArrayList<>();

    private FilePlaces(Loaded<GatewayConfig> loaded) {
        this.loaded = loaded;
    }

    /** What would keep a gateway with {@code loaded}, in which nothing else is wrong, from starting here; blocks on files. */
    public static List<Problem> problems(Loaded<GatewayConfig> loaded) {
        FilePlaces places = new FilePlaces(loaded);
        places.look(loaded.value());
        return List.copyOf(places.problems);
    }

    private void look(GatewayConfig config) {
        LogConfig log = config.log();
        if (!List.of(LogConfig.STDOUT, LogConfig.LOGGER, LogConfig.OFF).contains(log.access())) {
            file(Path.of(log.access()), false, "log", "access");
        }
        file(log.audit(), false, "log", "audit");
        file(config.record().file(), true, "record", "file");
        Path keys = config.passes().keyFile();
        if (keys != null && config.passes().secrets().isEmpty() && Files.exists(keys) && !Files.isReadable(keys)) {
            report(keys, "cannot be read", "a file of this user's", "challenge", "pass", "key-file");
        }
        Path spool = config.beacon().spooled();
        if (spool != null) {
            directory(spool, "beacon", "spool", "directory");
        }
    }

    /**
     * A file is written.
     *
     * @param above whether directories are made for it
     */
    private void file(@Nullable Path file, boolean above, String... key) {
        if (file == null) {
            return;
        }
        if (Files.exists(file)) {
            if (Files.isDirectory(file)) {
                report(file, "is a directory", FILE, key);
            } else if (!Files.isWritable(file)) {
                report(file, "cannot be written", FILE, key);
            }
            return;
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || (!above && !Files.isDirectory(parent))) {
            report(file, "no such directory", FILE, key);
        } else if (!isWritableOrCanBeMade(parent)) {
            report(file, "cannot be made", FILE, key);
        }
    }

    private void directory(Path directory, String... key) {
        if (!isWritableOrCanBeMade(directory.toAbsolutePath())) {
            report(directory, "cannot be written", "a directory of the gateway's own", key);
        }
    }

    private static boolean isWritableOrCanBeMade(Path directory) {
        Path there = directory;
        for (Path up = there; up != null && !Files.exists(there); up = up.getParent()) {
            there = up;
        }
        return Files.isDirectory(there) && Files.isWritable(there);
    }

    private void report(Path file, String what, String expected, String... key) {
        List<String> path = List.of(key);
        problems.add(new Problem(loaded.place(path), String.join(".", path), file + ": " + what, expected));
    }
}
