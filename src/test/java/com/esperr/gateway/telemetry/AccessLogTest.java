package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.testkit.Logged;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class AccessLogTest {
    private static final int CAPACITY = 64;
    private static final List<Logger> LOGGERS = Stream.of(AccessLog.class, LineWriter.class)
            .map(type -> (Logger) LoggerFactory.getLogger(type))
            .toList();

    /** Losses are the subject here, so the warnings about them are no news. */
    @BeforeAll
    static void quiet() {
        LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
    }

    @AfterAll
    static void loud() {
        LOGGERS.forEach(logger -> logger.setLevel(null));
    }

    @Test
    void everyExchangeIsOneLineInTheFile(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("access.log");
        Files.writeString(file, "before\n");
        try (AccessLog log = AccessLog.open(
                new LogConfig(file.toString(), false, 1024, null, LogLevel.INFO, Duration.ofSeconds(10)))) {
            for (int i = 0; i < 500; i++) {
                log.finished(Exchanges.of().peer("peer-" + i).record());
            }
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(501).startsWith("before");
        assertThat(lines.get(500))
                .startsWith("{\"time\":")
                .contains("\"peer\":\"peer-499\"")
                .endsWith("}");
    }

    @Test
    void aFileThatIsMadeHereIsNotForStrangers(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("access.log");
        AccessLog.open(new LogConfig(file.toString(), false, 1024, null, LogLevel.INFO, Duration.ofSeconds(10)))
                .close();
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertThat(Files.getPosixFilePermissions(file))
                    .contains(PosixFilePermission.OWNER_WRITE)
                    .doesNotContain(PosixFilePermission.OTHERS_READ, PosixFilePermission.GROUP_WRITE);
        }
    }

    @Test
    void linesAreWrittenWithoutWaitingForTheClose() {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        try (AccessLog log = new AccessLog(sink, CAPACITY).start()) {
            log.finished(Exchanges.of().record());
            await().until(() -> sink.toString(StandardCharsets.UTF_8).endsWith("}\n"));
        }
    }

    @Test
    void linesOfManyThreadsAreAllThereAndWhole() throws Exception {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        AccessLog log = new AccessLog(sink, 1 << 14).start();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            ExchangeRecord exchange = Exchanges.of().peer("thread-" + t).record();
            threads.add(new Thread(() -> {
                for (int i = 0; i < 2000; i++) {
                    log.finished(exchange);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        log.close();
        List<String> lines = sink.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(8000).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(log.dropped()).isZero();
    }

    @Test
    void aStalledSinkCostsTheLinesBeyondTheQueueAndNobodyWaits() {
        StalledSink sink = new StalledSink();
        AccessLog log = new AccessLog(sink, CAPACITY).start();
        log.finished(Exchanges.of().record());
        await().until(sink::entered);
        for (int i = 0; i < CAPACITY + 10; i++) {
            log.finished(Exchanges.of().record());
        }
        assertThat(log.dropped()).isEqualTo(10);
        sink.release();
        log.close();
        assertThat(sink.lines()).isEqualTo(1 + CAPACITY);
        assertThat(log.dropped()).isEqualTo(10);
    }

    @Test
    void closingGivesUpOnASinkThatTakesNothingAndCountsWhatIsLost() {
        StalledSink sink = new StalledSink();
        AccessLog log = new AccessLog(sink, CAPACITY).start();
        log.finished(Exchanges.of().record());
        await().until(sink::entered);
        log.finished(Exchanges.of().record());
        log.finished(Exchanges.of().record());
        log.close(Duration.ofMillis(1));
        assertThat(log.dropped()).isEqualTo(2);
        log.finished(Exchanges.of().record());
        assertThat(log.dropped()).isEqualTo(3);
        sink.release();
    }

    @Test
    void linesThatCannotBeWrittenAreCountedAndTheLogGoesOn() {
        AtomicBoolean full = new AtomicBoolean(true);
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        AccessLog log = new AccessLog(new FullDisk(full, kept), CAPACITY).start();
        log.finished(Exchanges.of().record());
        await().until(() -> log.dropped() == 1);
        full.set(false);
        log.finished(Exchanges.of().record());
        try (Logged said = Logged.below(AccessLog.class.getName())) {
            log.close();
            assertThat(said.lines())
                    .anyMatch(line -> line.endsWith("1 lines lost in all, 1 that could not be written: no space left"));
        }
        assertThat(kept.toString(StandardCharsets.UTF_8).lines())
                .as("a line of its own behind what may be a part of one")
                .hasSize(2)
                .startsWith("");
        assertThat(log.dropped()).isEqualTo(1);
    }

    /** As where room is given by the page: a byte still fits where a line does not. */
    @Test
    void aDiskThatTakesSingleBytesOnlyIsNotFilledWithEmptyLines() {
        AtomicBoolean full = new AtomicBoolean(true);
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        AccessLog log = new AccessLog(new NearlyFullDisk(full, kept), CAPACITY).start();
        for (int lost = 1; lost <= 5; lost++) {
            log.finished(Exchanges.of().record());
            int so = lost;
            await().until(() -> log.dropped() == so);
        }
        full.set(false);
        log.finished(Exchanges.of().record());
        log.close();
        assertThat(kept.toString(StandardCharsets.UTF_8).lines()).hasSize(2).startsWith("");
    }

    /** Takes nothing until it is released. */
    private static final class StalledSink extends OutputStream {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        boolean entered() {
            return entered.getCount() == 0;
        }

        void release() {
            released.countDown();
        }

        long lines() {
            return taken.toString(StandardCharsets.UTF_8).lines().count();
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            entered.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            taken.write(bytes, offset, length);
        }
    }

    /** Takes nothing but single bytes while it is full. */
    private static final class NearlyFullDisk extends OutputStream {
        private final AtomicBoolean full;
        private final OutputStream below;

        NearlyFullDisk(AtomicBoolean full, OutputStream below) {
            this.full = full;
            this.below = below;
        }

        @Override
        public void write(int b) throws IOException {
            below.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (full.get() && length > 1) {
                throw new IOException("no space left");
            }
            below.write(bytes, offset, length);
        }
    }

    /** Refuses every write while it is full. */
    private static final class FullDisk extends OutputStream {
        private final AtomicBoolean full;
        private final OutputStream below;

        FullDisk(AtomicBoolean full, OutputStream below) {
            this.full = full;
            this.below = below;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (full.get()) {
                throw new IOException("no space left");
            }
            below.write(bytes, offset, length);
        }
    }
}
