package com.esperr.gateway.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * Programs of the system that some tests need as peers, such as nginx. Where the environment variable {@code REQUIRE_PEERS} names one
 * (comma-separated), its absence is a failure; elsewhere the test is aborted with the reason. Static only.
 */
public final class Peers {

    private Peers() {}

    /** The path of that program on PATH or in the system's sbin directories. */
    public static Optional<Path> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Arrays.stream(path.split(":")), Stream.of("/usr/local/sbin", "/usr/sbin", "/sbin"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** The path of that program; without it the test fails or is aborted. */
    public static Path require(String program) {
        return require(program, System.getenv().getOrDefault("REQUIRE_PEERS", ""));
    }

    static Path require(String program, String required) {
        Optional<Path> found = find(program);
        if (found.isEmpty()
                && Arrays.stream(required.split(","))
                        .anyMatch(name -> name.trim().equals(program))) {
            throw new AssertionError(program + ": not installed (expected: installed, REQUIRE_PEERS names it)");
        }
        return found.orElseThrow(() -> new TestAbortedException(program + ": not installed"));
    }
}
