package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofKeysTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("proof.keys");
    }

    @Test
    void aFileThatWasNeverThereIsMade() throws IOException {
        ProofKeys keys = ProofKeys.open(file, null);
        assertThat(ProofKeys.open(file, null)).isEqualTo(keys);
    }

    @Test
    void otherKeysInTheSameFileTakeThePlaceOfThoseBefore() throws IOException {
        ProofKeys before = ProofKeys.open(file, null);
        Files.writeString(file, "new " + "2b".repeat(32) + '\n');
        assertThat(ProofKeys.open(file, before)).isNotEqualTo(before);
    }

    @Test
    void thoseOfAFileThatIsGoneGoOnAndNoneAreMade() throws IOException {
        ProofKeys before = ProofKeys.open(file, null);
        Files.delete(file);
        assertThat(ProofKeys.open(file, before)).isSameAs(before);
        assertThat(file).doesNotExist();
    }

    @Test
    void anotherFileIsNotMixedUpWithOneThatIsGone() throws IOException {
        ProofKeys before = ProofKeys.open(file, null);
        Path other = directory.resolve("other.keys");
        assertThat(ProofKeys.open(other, before)).isNotEqualTo(before);
        assertThat(other).exists();
    }

    @Test
    void whatIsNoKeyIsRefusedAndTheMessageNamesWhere() throws IOException {
        ProofKeys before = ProofKeys.open(file, null);
        Files.writeString(file, "not a key\n");
        assertThatThrownBy(() -> ProofKeys.open(file, before))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("server.challenge.key-file: ")
                .hasMessageContaining("proof.keys:1");
    }
}
