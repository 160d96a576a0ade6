package com.esperr.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveKeysTest {
    private static final String MOMENT = "2026-11-21T00:00:00Z";

    @TempDir
    private Path directory;

    private final List<String> recorded = new ArrayList<>();
    private boolean full;
    private KeyFile file;
    private NewKey first;
    private LiveKeys keys;

    @BeforeEach
    void open() throws IOException {
        file = new KeyFile(directory.resolve("keys.jsonl"));
        first = add();
        keys = LiveKeys.open(file, Duration.ofHours(1), this::record);
    }

    @AfterEach
    void close() {
        keys.close();
    }

    private void record(String event, KeyEntry key) throws IOException {
        if (full) {
            throw new IOException("no space left");
        }
        recorded.add(event + " " + key.id());
    }

    private NewKey add() throws IOException {
        NewKey made = NewKey.random("shop", null, MOMENT);
        file.add(made.entry());
        return made;
    }

    @Test
    void whatWasThereAtTheStartIsNoChange() {
        keys.look();
        assertThat(recorded).isEmpty();
        assertThat(keys.now().find(first.text())).isNotNull();
    }

    @Test
    void everyChangeIsRecordedOnce() throws IOException {
        NewKey second = add();
        keys.look();
        keys.look();
        assertThat(keys.now().find(second.text())).isNotNull();
        file.revoke(first.entry().id(), MOMENT);
        keys.look();
        keys.look();
        assertThat(keys.now().find(first.text())).isNull();
        String text = Files.readString(file.path());
        Files.writeString(file.path(), text.replace("\"shop\"", "\"bank\""));
        keys.look();
        assertThat(keys.now().find(second.text())).extracting("tenantId").isEqualTo("bank");
        assertThat(recorded)
                .containsExactly(
                        "key-added " + second.entry().id(),
                        "key-revoked " + first.entry().id(),
                        "key-changed " + second.entry().id());
    }

    /** A full disk must neither keep a stolen key alive nor let one in that nobody will ever hear of. */
    @Test
    void whileNothingCanBeRecordedKeysEndButNoneBegins() throws IOException {
        full = true;
        NewKey second = add();
        file.revoke(first.entry().id(), MOMENT);
        keys.look();
        assertThat(keys.now().find(first.text())).isNull();
        assertThat(keys.now().find(second.text())).isNull();
        assertThat(keys.trouble()).isNotNull();
        full = false;
        keys.look();
        assertThat(keys.now().find(second.text())).isNotNull();
        assertThat(keys.trouble()).isNull();
        assertThat(recorded)
                .containsExactly(
                        "key-revoked " + first.entry().id(),
                        "key-added " + second.entry().id());
    }

    @Test
    void aFileThatCannotBeReadLeavesTheKeysAsTheyWere() throws IOException {
        String text = Files.readString(file.path());
        Files.writeString(file.path(), text + "no entry\n");
        keys.look();
        assertThat(keys.now().find(first.text())).isNotNull();
        assertThat(keys.trouble()).isNotNull();
        Files.writeString(file.path(), text);
        keys.look();
        assertThat(keys.trouble()).isNull();
        assertThat(recorded).isEmpty();
    }

    @Test
    void anotherFileTakesThePlaceOfTheOneBeforeAndItsChangesAreRecorded() throws IOException {
        int[] told = {0};
        keys.whenFewer(() -> told[0]++);
        KeyFile other = new KeyFile(directory.resolve("other.jsonl"));
        NewKey next = NewKey.random("shop", null, MOMENT);
        other.add(next.entry());
        keys.follow(other, Duration.ofHours(2));
        assertThat(keys.now().find(first.text())).isNull();
        assertThat(keys.now().find(next.text())).isNotNull();
        assertThat(recorded)
                .containsExactly(
                        "key-revoked " + first.entry().id(),
                        "key-added " + next.entry().id());
        assertThat(told[0]).isPositive();
    }

    @Test
    void aFileThatCannotBeReadIsNotFollowed() {
        assertThatThrownBy(() -> keys.follow(new KeyFile(directory.resolve("none.jsonl")), Duration.ofHours(1)))
                .isInstanceOf(IOException.class);
        keys.look();
        assertThat(keys.now().find(first.text())).isNotNull();
        assertThat(keys.trouble()).isNull();
        assertThat(recorded).isEmpty();
    }
}
