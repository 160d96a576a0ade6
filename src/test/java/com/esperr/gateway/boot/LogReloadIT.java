package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that writes down every request, and is told while it runs to do so elsewhere: none is missing, none there twice. */
class LogReloadIT {
    @TempDir
    private Path directory;

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String record(Path file, String more) {
        return "record { file = \"" + file + "\", " + more + " }\n";
    }

    @Test
    void everyRequestIsRecordedOnceThroughChangesOfFileAndTerms() {
        Path one = directory.resolve("one.log");
        Path other = directory.resolve("other.log");
        try (ReloadScene scene = new ReloadScene(directory, record(one, "queue = 4096"))) {
            scene.passTime(20);
            scene.change(record(one, "queue = 8192"));
            scene.passTime(20);
            scene.change(record(other, "queue = 8192"));
            scene.passTime(20);
            scene.refuse(record(other, "queue = 1"), "record.queue: 1");
            scene.change(record(one, "queue = 8192"));
            scene.passTime(20);
            scene.finish();
            long all = scene.answered() + 1;
            await().until(() -> lines(one).size() + lines(other).size() >= all);
            assertThat(lines(one).size() + lines(other).size()).isEqualTo((int) all);
            assertThat(lines(other)).isNotEmpty();
            assertThat(scene.gateway().metric("esper_recorded_total")).isEqualTo(all);
            scene.change("");
        }
    }

    @Test
    void everyRequestHasItsLineInTheAccessLogThroughChangesOfHowItIsWritten() {
        Path log = directory.resolve("access.log");
        try (ReloadScene scene = new ReloadScene(directory, "", Map.of("log.access", log.toString()))) {
            for (int i = 0; i < 5; i++) {
                scene.passTime(10);
                scene.change("log { access-queue = " + (1000 + i) + ", ja4 = " + (i % 2 == 0) + " }\n");
            }
            scene.refuse("log.access-queue = 1\n", "log.access-queue: 1");
            scene.finish();
            long all = scene.answered() + 1;
            await().until(() -> lines(log).size() >= all);
            assertThat(lines(log)).hasSize((int) all);
            assertThat(scene.gateway().metric("esper_access_log_dropped_total")).isZero();
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsRefusedAndTheOneBeforeIsWrittenOn() {
        Path one = directory.resolve("one.log");
        try (ReloadScene scene = new ReloadScene(directory, record(one, "queue = 4096"))) {
            Path blocked = one.resolve("below");
            scene.passTime(5);
            await().until(() -> !lines(one).isEmpty());
            scene.refuse(record(blocked, "queue = 4096"), "record.file");
            int before = lines(one).size();
            scene.passTime(5);
            await().until(() -> lines(one).size() > before);
            scene.finish();
        }
    }
}
