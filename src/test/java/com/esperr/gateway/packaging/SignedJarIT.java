package com.esperr.gateway.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Shell;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar can be signed as the page about installing says; it runs as before, and what is changed afterwards is noticed. */
class SignedJarIT {
    private static final Path JAR = Path.of(System.getProperty("gateway.jar", "target/esper-gateway.jar"));
    private static final String TOOLS = System.getProperty("java.home") + "/bin/";

    @TempDir
    private Path directory;

    /** Where its libraries are, which its manifest names by where it is itself. */
    private final Path signed = JAR.resolveSibling("esper-gateway-signed.jar");

    @BeforeEach
    void sign() throws IOException {
        Files.copy(JAR, signed, StandardCopyOption.REPLACE_EXISTING);
        String store = " -keystore " + directory.resolve("keys.p12") + " -storepass secret ";
        Shell.run(TOOLS + "keytool -genkeypair -alias release -keyalg EC -dname CN=release" + store);
        assertThat(Shell.run(TOOLS + "jarsigner" + store + signed + " release")).contains("jar signed.");
    }

    @AfterEach
    void remove() throws IOException {
        Files.delete(signed);
    }

    private String verified() {
        return Shell.run(TOOLS + "jarsigner -verify " + signed);
    }

    @Test
    void itIsVerifiedAndRuns() {
        assertThat(verified()).contains("jar verified.");
        assertThat(Shell.run(TOOLS + "java -jar " + signed + " --version"))
                .isEqualTo(Shell.run(TOOLS + "java -jar " + JAR + " --version"))
                .startsWith("esper-gateway ");
    }

    @Test
    void aByteThatWasChangedIsNoticed() throws IOException {
        try (FileSystem inside = FileSystems.newFileSystem(
                URI.create("jar:" + signed.toAbsolutePath().toUri()), Map.of())) {
            Files.writeString(inside.getPath("reference.conf"), "mode = monitor\n");
        }
        assertThat(verified()).doesNotContain("jar verified.").contains("reference.conf");
    }
}
