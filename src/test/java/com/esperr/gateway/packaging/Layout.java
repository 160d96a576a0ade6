package com.esperr.gateway.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Peers;
import com.esperr.gateway.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What {@code docker/assemble.sh} makes, in a directory that any user can read and nobody write to. Immutable. */
record Layout(Path home, String said) {
    private static final Path JVMS = Path.of("/usr/lib/jvm");

    /** Assembles it with the newest JDK of this machine, as the image is with 25. */
    static Layout in(Path directory) throws IOException {
        // Above it is the directory of one test, which only its user can enter.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path home = directory.resolve("esper-gateway");
        String said = Shell.run("umask 022; JAVA_HOME='" + jdk() + "' docker/assemble.sh '" + home + "'", 400);
        assertThat(home.resolve("bin/esper-gateway")).as(said).isExecutable();
        Files.createDirectory(home.resolve("data"));
        Shell.run("chmod -R a-w,a+rX '" + home + "'");
        return new Layout(home, said);
    }

    /** A JDK 25 where there is one, else the one that runs the tests. */
    static Path jdk() throws IOException {
        if (Files.isDirectory(JVMS)) {
            try (Stream<Path> found = Files.list(JVMS)) {
                return found.filter(jvm -> version(jvm) >= 25 && Files.isExecutable(jvm.resolve("bin/jlink")))
                        .findFirst()
                        .orElse(Path.of(System.getProperty("java.home")));
            }
        }
        return Path.of(System.getProperty("java.home"));
    }

    private static int version(Path jvm) {
        try {
            return Files.readAllLines(jvm.resolve("release")).stream()
                    .filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceFirst("JAVA_VERSION=\"(\\d+).*", "$1"))
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElse(0);
        } catch (IOException none) {
            return 0;
        }
    }

    /** A command as a user without any rights, if whoever runs the tests can become one. */
    static List<String> unprivileged(String... command) {
        List<String> all = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")
                && Peers.find("setpriv").isPresent()) {
            all.addAll(List.of(
                    "setpriv",
                    "--reuid=10001",
                    "--regid=10001",
                    "--clear-groups",
                    "--no-new-privs",
                    "--inh-caps=-all",
                    "--bounding-set=-all"));
        }
        all.addAll(List.of(command));
        return all;
    }

    Path file(String name) {
        return home.resolve(name);
    }

    /** Every file with its size and time, to see whether anything was changed. */
    List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> home.relativize(file) + " " + file.toFile().length() + " "
                            + file.toFile().lastModified())
                    .sorted()
                    .toList();
        }
    }
}
