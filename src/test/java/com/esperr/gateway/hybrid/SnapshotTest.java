package com.esperr.gateway.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.state.HashSeed;
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
    private static final Map<MitigationKey, Mitigation> ENTRIES = Map.of(
            new MitigationKey(1, 2),
            Mitigation.of(Action.BLOCK, 1_000),
            new MitigationKey(3, 4),
            new Mitigation(
                    Action.CHALLENGE,
                    2_000,
                    new Mitigation.Place("https://c.test/é", new MitigationKey(5, 6)),
                    "d-1",
                    "why"));

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
        new Snapshot(SEED, ENTRIES).write(file());
        assertThat(Snapshot.read(file(), 0, 10)).isEqualTo(new Snapshot(SEED, ENTRIES));
        assertThat(Snapshot.read(file(), 1_000, 10).entries()).containsOnlyKeys(new MitigationKey(3, 4));
        assertThat(Snapshot.read(file(), 0, 1).entries()).hasSize(1);
        assertThat(Files.list(directory)).containsExactly(file());
    }

    @Test
    void onlyItsOwnerCanReadIt() throws IOException {
        new Snapshot(SEED, ENTRIES).write(file());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileCutOrChangedAtAnyByteIsNoSnapshot() throws IOException {
        new Snapshot(SEED, ENTRIES).write(file());
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
            before.learning().learned(before.learning().key(visitor(i)), Action.BLOCK, null, null);
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
        before.learning().learned(before.learning().key(visitor(1)), Action.BLOCK, null, null);
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
        source.learning().learned(source.learning().key(visitor(1)), Action.BLOCK, null, null);
        source.close();
        assertThat(hybrids.source().size()).isEqualTo(1);
    }
}
