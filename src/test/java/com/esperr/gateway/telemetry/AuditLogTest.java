package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    Path directory;

    @Test
    void everyChangeIsALineThatStaysWhenItIsOpenedAgain() throws IOException {
        Path file = directory.resolve("audit.log");
        for (String after : new String[] {"b", "c"}) {
            try (AuditLog log = AuditLog.open(file, () -> 1_777_882_530_120L)) {
                log.record("policies-replaced", "files", Map.of("after", after));
            }
        }
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "{\"time\":\"2026-05-04T08:15:30.120Z\",\"event\":\"policies-replaced\",\"by\":\"files\","
                                + "\"after\":\"b\"}",
                        "{\"time\":\"2026-05-04T08:15:30.120Z\",\"event\":\"policies-replaced\",\"by\":\"files\","
                                + "\"after\":\"c\"}");
    }

    @Test
    void onlyItsOwnerCanReadIt() throws IOException {
        Path file = directory.resolve("audit.log");
        AuditLog.open(file, () -> 0).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void noTextEndsALine() throws IOException {
        Path file = directory.resolve("audit.log");
        try (AuditLog log = AuditLog.open(file, () -> 0)) {
            log.record("e", "a\n\"b\"", Map.of("c", "\r\n"));
        }
        assertThat(Files.readAllLines(file)).singleElement().asString().contains("a\\n\\\"b\\\"", "\\r\\n");
    }

    @Test
    void whatIsNotRecordedIsSaid() throws IOException {
        AuditLog closed = AuditLog.open(directory.resolve("audit.log"), () -> 0);
        closed.close();
        assertThatThrownBy(() -> closed.record("e", "b", Map.of()))
                .hasMessage("log.audit: closed (expected: a file that can be written)");
        assertThatThrownBy(() -> AuditLog.open(directory.resolve("not/there"), () -> 0))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("log.audit: ");
    }

    @Test
    void whatCannotBeWrittenIsSaidWithTheKey() throws IOException {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        try (AuditLog log = AuditLog.open(full, () -> 0)) {
            assertThatThrownBy(() -> log.record("e", "b", Map.of())).hasMessageStartingWith("log.audit: ");
        }
    }

    @Test
    void withoutAFileNothingIsRecorded() throws IOException {
        try (AuditLog none = AuditLog.open(null, () -> 0)) {
            none.record("e", "b", Map.of());
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whoeverStillBringsSomethingIsRecordedByTheNext() throws IOException {
        Path file = directory.resolve("next.log");
        AuditLog gone = AuditLog.open(directory.resolve("audit.log"), () -> 0);
        try (AuditLog next = AuditLog.open(file, () -> 0)) {
            gone.leaveTo(next);
            gone.record("late", "anna", Map.of());
        }
        assertThat(Files.readAllLines(file)).singleElement().asString().contains("late");
        assertThat(Files.readAllLines(directory.resolve("audit.log"))).isEmpty();
    }
}
