package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    private static final int MANY = 2500;
    private static final int BLOCK = 4096;

    @TempDir
    Path directory;

    private Spool open(boolean beside) throws IOException {
        return Spool.open(new SpoolConfig(directory, 1 << 20, 10_000), beside);
    }

    private static void add(Spool spool, String name, int count) {
        for (int i = 0; i < count; i++) {
            spool.append((name + i).getBytes(StandardCharsets.US_ASCII), 7, null);
        }
    }

    private static List<String> texts(Spool spool) {
        return spool.after(-1, 10_000, 1 << 20).stream()
                .map(event -> new String(event.event(), StandardCharsets.US_ASCII))
                .toList();
    }

    @Test
    void onlyWhoReplacesAnotherProcessTakesAFileBesideItsOwn() throws IOException {
        try (Spool before = open(false)) {
            assertThat(before.file()).hasFileName("events.mv");
            assertThatIOException()
                    .isThrownBy(() -> open(false))
                    .withMessage(
                            "beacon.spool.directory: %s in use by another process"
                                    + " (expected: a directory of the gateway's own)",
                            directory);
            try (Spool next = open(true);
                    Spool third = open(true)) {
                assertThat(next.file()).hasFileName("events.2.mv");
                assertThat(third.file()).hasFileName("events.3.mv");
            }
        }
    }

    @Test
    void whatAProcessHasLeftGoesOnInTheNextOneAndItsFileGoes() throws IOException {
        Spool before = open(false);
        add(before, "old", MANY);
        try (Spool next = open(true);
                Leftovers leftovers = new Leftovers(directory)) {
            add(next, "new", 1);
            assertThat(leftovers.moveSome(next)).as("while it is used").isZero();
            before.close();
            int moved = 0;
            for (int some = leftovers.moveSome(next); some > 0; some = leftovers.moveSome(next)) {
                assertThat(some).as("a few at a time").isLessThan(MANY);
                moved += some;
            }
            assertThat(moved).isEqualTo(MANY);
            assertThat(texts(next))
                    .hasSize(MANY + 1)
                    .startsWith("new0", "old0", "old1")
                    .endsWith("old2499");
            assertThat(next.state().oldestMillis()).isEqualTo(7);
            assertThat(directory.resolve("events.mv")).doesNotExist();
        }
        // Safe, and found by whoever comes without anybody before.
        try (Spool last = open(false);
                Leftovers leftovers = new Leftovers(directory)) {
            assertThat(last.file()).hasFileName("events.mv");
            while (leftovers.moveSome(last) > 0) {
                // Until all are here.
            }
            assertThat(texts(last)).hasSize(MANY + 1);
        }
    }

    @Test
    void whatIsLeftInTheMiddleOfItIsMovedLater() throws IOException {
        Spool before = open(false);
        add(before, "old", MANY);
        try (Spool next = open(true)) {
            before.close();
            Leftovers interrupted = new Leftovers(directory);
            int first = interrupted.moveSome(next);
            assertThat(first).isPositive();
            interrupted.close();
            try (Leftovers again = new Leftovers(directory)) {
                int moved = first;
                for (int some = again.moveSome(next); some > 0; some = again.moveSome(next)) {
                    moved += some;
                }
                assertThat(moved).isEqualTo(MANY);
                assertThat(texts(next)).doesNotHaveDuplicates().hasSize(MANY);
            }
        }
    }

    @Test
    void aDamagedFileIsPutAside() throws IOException {
        try (Spool spool = open(false);
                Leftovers leftovers = new Leftovers(directory)) {
            Files.writeString(directory.resolve("events.2.mv"), "nothing of ours".repeat(1000));
            assertThat(leftovers.moveSome(spool)).isZero();
            assertThat(directory.resolve("events.2.mv")).doesNotExist();
            assertThat(directory.resolve("events.damaged.mv")).exists();
        }
    }

    @Test
    void aFileThatIsDamagedInTheMiddleIsPutAsideAndNothingOfItIsTakenTwice() throws IOException {
        Spool before = open(false);
        add(before, "old", MANY);
        try (Spool next = open(true);
                Leftovers leftovers = new Leftovers(directory)) {
            before.close();
            try (RandomAccessFile file =
                    new RandomAccessFile(directory.resolve("events.mv").toFile(), "rw")) {
                // Behind the two copies of the header; the roots are written last.
                for (long at = 4 * BLOCK; at < file.length() / 2; at += BLOCK) {
                    file.seek(at);
                    file.write(new byte[BLOCK / 2]);
                }
            }
            for (int look = 0; look < 10; look++) {
                leftovers.moveSome(next);
            }
            assertThat(texts(next)).doesNotHaveDuplicates();
            assertThat(directory.resolve("events.mv")).doesNotExist();
            assertThat(directory.resolve("events.damaged.mv")).exists();
        }
    }

    @Test
    void whoOpensItAgainTakesTheFileThatItHad() throws IOException {
        Spool before = open(false);
        Spool first = open(true);
        assertThat(first.file()).hasFileName("events.2.mv");
        before.close();
        try (Leftovers leftovers = new Leftovers(directory)) {
            leftovers.moveSome(first);
        }
        assertThat(directory.resolve("events.mv")).doesNotExist();
        first.abandon();
        try (Spool again = open(true)) {
            assertThat(again.file()).hasFileName("events.2.mv");
        }
    }

    @Test
    void theNextFileOfThatNameIsMovedFromItsBeginning() throws IOException {
        try (Spool spool = open(false);
                Leftovers leftovers = new Leftovers(directory)) {
            for (String name : List.of("first", "second", "third")) {
                try (Spool other = open(true)) {
                    assertThat(other.file()).hasFileName("events.2.mv");
                    add(other, name, 10);
                }
                assertThat(leftovers.moveSome(spool)).isEqualTo(10);
                assertThat(directory.resolve("events.2.mv")).doesNotExist();
            }
            assertThat(texts(spool)).hasSize(30).doesNotHaveDuplicates();
        }
    }
}
