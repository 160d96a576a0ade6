package com.esperr.gateway.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofTokensTest {
    private static final ChallengeSession SESSION = new ChallengeSession("s1", "shop", null, null, 0);

    private final AtomicLong millis = new AtomicLong(1_000_000);

    private ProofTokens tokens(KeyRing keys, long singleUse) {
        return new ProofTokens(
                keys, Duration.ofMinutes(5), singleUse, () -> millis.get() * 1_000_000, millis::get, Runnable::run);
    }

    @Test
    void aProofSaysWhatWasPassedAndUntilWhenItCounts() {
        ProofTokens tokens = tokens(KeyRing.random(), 0);
        assertThat(tokens.verify(tokens.issue(SESSION, "button"), "shop"))
                .isInstanceOfSatisfying(ProofVerdict.Valid.class, valid -> {
                    assertThat(valid.proof().session()).isEqualTo("s1");
                    assertThat(valid.proof().method()).isEqualTo("button");
                    assertThat(valid.proof().expiresAtMillis()).isEqualTo(1_300_000);
                });
    }

    @Test
    void noCharacterOfAProofCanBeChanged() {
        ProofTokens tokens = tokens(KeyRing.random(), 0);
        String token = tokens.issue(SESSION, "button");
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(tokens.verify(changed, "shop")).as(changed).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        }
        for (String other : new String[] {"", ".", token + "A", token.substring(1), token.replace('.', ','), "a.b.c"}) {
            assertThat(tokens.verify(other, "shop")).as(other).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        }
    }

    @Test
    void aProofHasOneSpelling() {
        ProofTokens tokens = tokens(KeyRing.random(), 0);
        String token = tokens.issue(SESSION, "button");
        // The last character of a signature holds two bits of nothing, and ours is the one in which they are 0.
        char last = token.charAt(token.length() - 1);
        String twin = token.substring(0, token.length() - 1) + (char) (last + 1);
        for (String other : new String[] {twin, token + "=", token.replace(".", "=="), token.replace(".", "==.")}) {
            assertThat(tokens.verify(other, "shop")).as(other).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        }
    }

    @Test
    void aProofCountsForItsTenantUnderItsKeyUntilItExpires() {
        ProofTokens tokens = tokens(KeyRing.random(), 0);
        String token = tokens.issue(SESSION, "button");
        assertThat(tokens.verify(token, "bank")).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        assertThat(tokens(KeyRing.random(), 0).verify(token, "shop")).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        millis.addAndGet(299_999);
        assertThat(tokens.verify(token, "shop")).isInstanceOf(ProofVerdict.Valid.class);
        millis.addAndGet(1);
        assertThat(tokens.verify(token, "shop")).isEqualTo(ProofVerdict.Invalid.EXPIRED);
    }

    @Test
    void aProofThatMayBeUsedOnceIsUsedThen() {
        ProofTokens tokens = tokens(KeyRing.random(), 10);
        String token = tokens.issue(SESSION, "button");
        assertThat(tokens.verify(token, "bank")).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        assertThat(tokens.verify(token, "shop")).isInstanceOf(ProofVerdict.Valid.class);
        assertThat(tokens.verify(token, "shop")).isEqualTo(ProofVerdict.Invalid.USED);
        millis.addAndGet(299_999);
        assertThat(tokens.verify(token, "shop")).isEqualTo(ProofVerdict.Invalid.USED);
    }

    @Test
    void theFirstKeyOfTheFileSignsAndAllVerify(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("proofs.keys");
        String token = tokens(KeyRing.open(file), 0).issue(SESSION, "button");
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        Files.writeString(file, "new " + "ab".repeat(32) + "\n# the old one\n" + Files.readString(file));
        ProofTokens later = tokens(KeyRing.open(file), 0);
        assertThat(later.verify(token, "shop")).isInstanceOf(ProofVerdict.Valid.class);
        Files.writeString(file, "new " + "ab".repeat(32));
        ProofTokens last = tokens(KeyRing.open(file), 0);
        assertThat(last.verify(token, "shop")).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        assertThat(last.verify(later.issue(SESSION, "button"), "shop")).isInstanceOf(ProofVerdict.Valid.class);
    }

    @Test
    void aFileOfSomethingElseIsRefusedWithoutShowingIt(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("proofs.keys"), "new secretsecret");
        assertThatThrownBy(() -> KeyRing.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("proofs.keys:1")
                .hasMessageNotContaining("secret");
    }
}
