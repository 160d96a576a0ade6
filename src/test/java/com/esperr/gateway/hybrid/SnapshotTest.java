package com.esperr.gateway.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.StateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
    private static final HashSeed SEED = new HashSeed(3, 4);
    private static final Map<StateKey, Mitigation> ENTRIES = Map.of(
            new StateKey(1, 2),
            Mitigation.of(Action.BLOCK, 1_000),
            new StateKey(3, 4),
            new Mitigation(
                    Action.CHALLENGE,
                    2_000,
                    new Mitigation.Place("https://c.test/é", new StateKey(5, 6)),
                    "d-1",
                    "why"));

    private static final Map<String, Snapshot.Told> TOLD =
            Map.of("learned", new Snapshot.Told(null, ENTRIES), "pushed", new Snapshot.Told("{\"é\":1}", Map.of()));

    @TempDir
    private Path directory;

    private final Hybrids hybrids = new Hybrids();

    private Path file() {
        return directory.resolve("hybrid.snapshot");
    }

    private static RequestContext visitor(int i) {
        return Requests.get("/").with("User-Agent", "ua-" + i).context();
    }

    @Test
    void whatWasWrittenIsReadLessWhatHasExpired() throws IOException {
        new Snapshot(SEED, TOLD).write(file());
        assertThat(Snapshot.read(file(), 0, 10)).isEqualTo(new Snapshot(SEED, TOLD));
        assertThat(Snapshot.read(file(), 1_000, 10).told().get("learned").entries())
                .containsOnlyKeys(new StateKey(3, 4));
        assertThat(Snapshot.read(file(), 0, 1).told().get("learned").entries()).hasSize(1);
        assertThat(Files.list(directory)).containsExactly(file());
    }

    @Test
    void onlyItsOwnerCanReadIt() throws IOException {
        new Snapshot(SEED, TOLD).write(file());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileCutOrChangedAtAnyByteIsNoSnapshot() throws IOException {
        new Snapshot(SEED, TOLD).write(file());
        byte[] whole = Files.readAllBytes(file());
        for (int at = 0; at < whole.length; at++) {
            Files.write(file(), java.util.Arrays.copyOf(whole, at));
            assertThatThrownBy(() -> Snapshot.read(file(), 0, 10)).isInstanceOf(IOException.class);
            byte[] changed = whole.clone();
            changed[at] ^= 0x10;
            Files.write(file(), changed);
            assertThatThrownBy(() -> Snapshot.read(file(), 0, 10)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aRestartForgetsNothingButWhatHasExpired() {
        hybrids.snapshot = file();
        HybridSource before = hybrids.source();
        for (int i = 0; i < 100; i++) {
            if (i == 50) {
                hybrids.advance(Duration.ofMinutes(3));
            }
            before.learning().learned(before.learning().key(visitor(i)), Action.BLOCK, 0, null, null);
        }
        before.close();
        hybrids.advance(Duration.ofMinutes(2));
        HybridSource after = hybrids.source();
        for (int i = 0; i < 100; i++) {
            Hybrids.Told told = Hybrids.ask(after, visitor(i));
            if (i < 50) {
                assertThat(told.abstained).isTrue();
            } else {
                assertThat(told.decision).isInstanceOf(Decision.Block.class);
            }
        }
        after.close();
    }

    @Test
    void otherInputsDoNotMeetWhatWasRememberedUnderTheOldOnes() {
        hybrids.snapshot = file();
        hybrids.key = List.of("client_ip");
        HybridSource before = hybrids.source();
        before.learning().learned(before.learning().key(visitor(1)), Action.BLOCK, 0, null, null);
        before.close();
        hybrids.key = List.of("request_header[x-real]");
        HybridSource after = hybrids.source();
        RequestContext same = Requests.get("/").with("X-Real", "198.51.100.23").context();
        assertThat(Hybrids.ask(after, same).abstained).isTrue();
        after.close();
    }

    @Test
    void aFileThatCannotBeUsedIsTakenForNone() throws IOException {
        Files.writeString(file(), "something else");
        hybrids.snapshot = file();
        HybridSource source = hybrids.source();
        assertThat(source.size()).isZero();
        source.learning().learned(source.learning().key(visitor(1)), Action.BLOCK, 0, null, null);
        source.close();
        HybridSource after = hybrids.source();
        assertThat(after.size()).isEqualTo(1);
        after.close();
    }

    @Test
    void aFileOfAnotherVersionSaysSo() throws IOException {
        new Snapshot(SEED, Map.of()).write(file());
        byte[] whole = Files.readAllBytes(file());
        whole[7] = 9;
        Files.write(file(), whole);
        assertThatThrownBy(() -> Snapshot.read(file(), 0, 10)).hasMessage("version 9 (expected: 3)");
    }

    @Test
    void aDirectoryThatIsNotThereIsMade() throws IOException {
        Path deep = directory.resolve("a").resolve("b").resolve("snapshot");
        new Snapshot(SEED, TOLD).write(deep);
        assertThat(Snapshot.read(deep, 0, 10).told().get("learned").entries()).isEqualTo(ENTRIES);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void aLinkInItsWayIsNotFollowed() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "untouched");
        Files.createSymbolicLink(directory.resolve("hybrid.snapshot.new"), victim);
        new Snapshot(SEED, TOLD).write(file());
        assertThat(victim).hasContent("untouched");
        assertThat(Files.isSymbolicLink(file())).isFalse();
    }

    @Test
    void oneThatCannotBeWrittenIsCountedAndDecisionsGoOn() throws IOException {
        hybrids.snapshot = Files.createDirectory(file());
        Files.writeString(file().resolve("in-the-way"), "");
        HybridSource source = hybrids.source();
        source.learning().learned(source.learning().key(visitor(1)), Action.BLOCK, 0, null, null);
        source.close();
        assertThat(source.snapshotFailures()).isPositive();
        assertThat(source.trouble()).isNull();
        assertThat(Hybrids.ask(source, visitor(1)).decision).isInstanceOf(Decision.Block.class);
    }

    @Test
    void theSeedIsThereBeforeAnythingIsRemembered() throws IOException {
        hybrids.snapshot = file();
        HybridSource before = hybrids.source();
        before.close();
        HybridSource after = hybrids.source();
        assertThat(after.learning().generation()).isEqualTo(before.learning().generation());
        after.close();
    }

    @Test
    void whatAFeedToldEndsIfItDoesNotTellItAgainAfterARestart() {
        hybrids.snapshot = file();
        ToldFeed told = new ToldFeed();
        HybridSource before = hybrids.source(told);
        Mitigation block = Mitigation.of(Action.BLOCK, hybrids.millis.get() + 100_000);
        told.sink.put(before.learning().key(visitor(1)), block);
        told.sink.put(before.learning().key(visitor(2)), block);
        before.close();
        ToldFeed again = new ToldFeed();
        HybridSource after = hybrids.source(again);
        assertThat(Hybrids.ask(after, visitor(1)).decision).isInstanceOf(Decision.Block.class);
        MitigationSink.Replacement whole = again.sink.replaceAll();
        whole.put(after.learning().key(visitor(2)), block);
        whole.done();
        await().until(() -> Hybrids.ask(after, visitor(1)).abstained);
        assertThat(Hybrids.ask(after, visitor(2)).decision).isInstanceOf(Decision.Block.class);
        after.close();
        HybridSource without = hybrids.source();
        assertThat(without.size()).isZero();
        without.close();
    }

    @Test
    void underAnotherSharedSeedNothingIsTakenOver() {
        hybrids.snapshot = file();
        HybridSource before = hybrids.source();
        before.learning().learned(before.learning().key(visitor(1)), Action.BLOCK, 0, null, null);
        before.close();
        hybrids.seed = new HashSeed(7, 8);
        HybridSource after = hybrids.source();
        assertThat(after.size()).isZero();
        after.close();
    }
}
