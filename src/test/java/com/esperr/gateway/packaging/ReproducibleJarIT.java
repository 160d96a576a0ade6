package com.esperr.gateway.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** Nothing in the jar says when, where or by whom it was built, so that two builds of one commit are the same bytes. */
class ReproducibleJarIT {
    private static final LocalDateTime FIXED =
            LocalDateTime.ofInstant(Instant.parse("2026-11-21T00:00:00Z"), ZoneOffset.UTC);

    private static JarFile jar() throws IOException {
        return new JarFile(System.getProperty("gateway.jar", "target/esper-gateway.jar"));
    }

    @Test
    void everyEntryHasTheFixedTime() throws IOException {
        try (JarFile jar = jar()) {
            assertThat(jar.stream().map(ZipEntry::getTimeLocal)).containsOnly(FIXED);
        }
    }

    @Test
    void entriesAreInOrderOfTheirNames() throws IOException {
        try (JarFile jar = jar()) {
            assertThat(jar.stream()
                            .map(ZipEntry::getName)
                            .filter(name -> name.startsWith("com/esperr/") && name.endsWith(".class")))
                    .isSorted();
        }
    }

    @Test
    void theManifestNamesTheCommitAndNobodysMachine() throws IOException {
        try (JarFile jar = jar()) {
            Attributes attributes = jar.getManifest().getMainAttributes();
            assertThat(attributes.getValue("Implementation-Commit")).matches("[0-9a-f]{12}|\\$\\{.*}|unknown");
            assertThat(attributes.keySet().stream().map(Object::toString))
                    .doesNotContain("Built-By", "Build-Jdk", "Build-Time", "Bnd-LastModified");
        }
    }
}
