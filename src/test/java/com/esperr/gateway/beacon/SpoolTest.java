package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.esperr.gateway.state.StateKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir
    Path directory;

    private Spool open(long bytes, long events) throws IOException {
        return Spool.open(new SpoolConfig(directory.resolve("spool"), bytes, events), false);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> texts(List<Spooled> events) {
        return events.stream()
                .map(event -> new String(event.event(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void eventsComeOutInTheOrderTheyWentIn() throws IOException {
        try (Spool spool = open(1000, 1000)) {
            for (String text : List.of("a", "b", "c")) {
                spool.append(bytes(text), 7, null);
            }
            assertThat(texts(spool.after(spool.beforeFirst(), 2, 1000))).containsExactly("a", "b");
            assertThat(texts(spool.after(1, 10, 1000))).containsExactly("c");
            assertThat(texts(spool.after(-1, 10, 2))).containsExactly("a", "b");
            assertThat(texts(spool.last(2))).containsExactly("b", "c");
        }
    }

    @Test
    void theFirstEventIsHandedOutHoweverLongItIs() throws IOException {
        try (Spool spool = open(1000, 1000)) {
            spool.append(bytes("a long one"), 7, null);
            assertThat(spool.after(-1, 10, 1)).hasSize(1);
        }
    }

    @Test
    void aFullSpoolLosesTheOldestAndSaysHowMany() throws IOException {
        try (Spool spool = open(10, 1000)) {
            for (int i = 0; i < 10; i++) {
                spool.append(bytes("event" + i), 7, null);
            }
            assertThat(spool.trim()).isEqualTo(9);
            assertThat(texts(spool.after(-1, 10, 1000))).containsExactly("event9");
        }
        try (Spool spool = open(1000, 2)) {
            spool.append(bytes("next"), 7, null);
            spool.append(bytes("last"), 7, null);
            assertThat(spool.trim()).isEqualTo(1);
            assertThat(texts(spool.after(-1, 10, 1000))).containsExactly("next", "last");
        }
    }

    @Test
    void whatIsSafeIsThereAgainAndPlacesAreNeverUsedTwice() throws IOException {
        try (Spool spool = open(1000, 1000)) {
            spool.append(bytes("taken"), 7, null);
            spool.append(bytes("kept"), 8, null);
            spool.remove(0);
        }
        try (Spool spool = open(1000, 1000)) {
            assertThat(spool.state().events()).isEqualTo(1);
            assertThat(spool.state().bytes()).isEqualTo(4);
            assertThat(spool.state().oldestMillis()).isEqualTo(8);
            spool.remove(1);
        }
        try (Spool spool = open(1000, 1000)) {
            assertThat(spool.state().oldestMillis()).isEqualTo(-1);
            assertThat(spool.append(bytes("new"), 9, null).sequence()).isEqualTo(2);
        }
    }

    @Test
    void whatIsNotSafeIsGoneAfterACrash() throws IOException {
        Spool spool = open(1000, 1000);
        spool.append(bytes("safe"), 7, null);
        spool.commit();
        spool.append(bytes("not yet"), 7, null);
        spool.abandon();
        try (Spool again = open(1000, 1000)) {
            assertThat(texts(again.after(-1, 10, 1000))).containsExactly("safe");
        }
    }

    @Test
    void removingWhatIsNotThereDoesNothing() throws IOException {
        try (Spool spool = open(1000, 1000)) {
            assertThat(spool.remove(5)).isFalse();
            assertThat(spool.state().bytes()).isZero();
        }
    }

    @Test
    void aSecondOwnerIsRefusedInWords() throws IOException {
        try (Spool spool = open(1000, 1000)) {
            assertThatIOException()
                    .isThrownBy(() -> open(1000, 1000))
                    .withMessageMatching("beacon\\.spool\\.directory: .* in use by another process \\(expected: .*\\)");
            assertThat(spool.state().events()).isZero();
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefusedInWords() throws IOException {
        Files.writeString(directory.resolve("spool"), "a file");
        assertThatIOException().isThrownBy(() -> open(1000, 1000)).withMessageStartingWith("beacon.spool.directory: ");
    }

    @Test
    void aDamagedFileIsPutAside() throws IOException {
        Path own = Files.createDirectories(directory.resolve("spool"));
        Files.write(own.resolve("events.mv"), new byte[20_000]);
        try (Spool spool = open(1000, 1000)) {
            assertThat(spool.state().events()).isZero();
        }
        assertThat(own.resolve("events.damaged.mv")).exists();
    }

    @Test
    void theFileGivesBackWhatAnOutageTook() throws IOException {
        try (Spool spool = open(64 << 20, 1_000_000)) {
            for (int batch = 0; batch < 100; batch++) {
                for (int i = 0; i < 100; i++) {
                    spool.append(new byte[2000], 7, null);
                }
                spool.commit();
            }
            long full = spool.state().fileBytes();
            for (long i = 0; i < 10_000; i++) {
                spool.remove(i);
                if (i % 100 == 99) {
                    spool.commit();
                    spool.compact();
                }
            }
            assertThat(full).isLessThan(2 * 20_000_000L);
            assertThat(spool.state().fileBytes()).isLessThan(full / 2);
        }
    }

    @Test
    void nobodyElseCanReadIt() throws IOException {
        try (Spool spool = open(1000, 1000)) {
            Path own = directory.resolve("spool");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.resolve("events.mv"))))
                    .isEqualTo("rw-------");
            assertThat(PrivateFiles.hashKey(own)).hasSize(32).isEqualTo(PrivateFiles.hashKey(own));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.resolve("hash.key"))))
                    .isEqualTo("rw-------");
            assertThat(spool.state().events()).isZero();
        }
    }

    @Test
    void aKeyStaysWithItsEventAcrossARestartAsLongAsItMeansAnything() throws IOException {
        StateKey key = new StateKey(-5, 6);
        try (Spool spool = open(1000, 1000)) {
            spool.generation(11);
            spool.append(bytes("a"), 7, key);
            spool.append(bytes("b"), 8, null);
        }
        try (Spool spool = open(1000, 1000)) {
            spool.generation(11);
            List<Spooled> found = spool.after(-1, 10, 1000);
            assertThat(found).extracting(Spooled::key).containsExactly(key, null);
            assertThat(found).extracting(Spooled::storedMillis).containsExactly(7L, 8L);
            assertThat(spool.state().bytes()).isEqualTo(2);
        }
        try (Spool spool = open(1000, 1000)) {
            spool.generation(12);
            assertThat(spool.after(-1, 10, 1000)).extracting(Spooled::key).containsExactly(null, null);
            assertThat(texts(spool.after(-1, 10, 1000))).containsExactly("a", "b");
        }
    }

    @Test
    void aSpoolFromBeforeThereWereKeysIsReadAndItsEventsTeachNothing() throws IOException {
        Files.createDirectories(directory.resolve("spool"));
        try (MVStore old = MVStore.open(directory.resolve("spool/events.mv").toString())) {
            byte[] stored = ByteBuffer.allocate(9).putLong(7).put((byte) 'a').array();
            old.openMap(
                            "events",
                            new MVMap.Builder<Long, byte[]>()
                                    .keyType(LongDataType.INSTANCE)
                                    .valueType(ByteArrayDataType.INSTANCE))
                    .put(3L, stored);
            MVMap<String, Long> facts = old.openMap(
                    "facts",
                    new MVMap.Builder<String, Long>()
                            .keyType(StringDataType.INSTANCE)
                            .valueType(LongDataType.INSTANCE));
            facts.put("next", 4L);
            facts.put("bytes", 1L);
        }
        try (Spool spool = open(1000, 1000)) {
            spool.generation(11);
            assertThat(spool.append(bytes("b"), 8, new StateKey(1, 2)).sequence())
                    .isEqualTo(4);
            List<Spooled> found = spool.after(-1, 10, 1000);
            assertThat(texts(found)).containsExactly("a", "b");
            assertThat(found).extracting(Spooled::key).containsExactly(null, new StateKey(1, 2));
        }
    }

    @Test
    void numbersThatWereGivenOutComeBackInNoOtherFile() throws IOException {
        long next;
        try (Spool spool = open(1000, 1000)) {
            spool.append(bytes("a"), 7, null);
            next = spool.next();
        }
        Files.delete(directory.resolve("spool").resolve("events.mv"));
        try (Spool spool = open(1000, 1000)) {
            spool.atLeast(next);
            assertThat(spool.append(bytes("b"), 7, null).sequence()).isEqualTo(next);
        }
    }
}
