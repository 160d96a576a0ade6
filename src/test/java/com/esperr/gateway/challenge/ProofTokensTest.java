package com.esperr.gateway.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.state.ClaimSink;
import com.esperr.gateway.state.Claims;
import com.esperr.gateway.state.MemoryClaims;
import com.esperr.gateway.state.StateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofTokensTest {
    private static final ChallengeSession SESSION = new ChallengeSession("s1", "shop", null, null, 0);

    private final AtomicLong millis = new AtomicLong(1_000_000);

    private final Claims claims = new MemoryClaims(1_000, () -> millis.get() * 1_000_000);

    private ProofTokens tokens(KeyRing keys, boolean once) {
        return new ProofTokens(keys, Duration.ofMinutes(5), once ? claims : null, millis::get);
    }

    private static ProofVerdict verify(ProofTokens tokens, String token, String tenant) {
        AtomicReference<ProofVerdict> verdict = new AtomicReference<>();
        tokens.verify(token, tenant, told -> assertThat(verdict.getAndSet(told)).isNull());
        return verdict.get();
    }

    @Test
    void aProofSaysWhatWasPassedAndUntilWhenItCounts() {
        ProofTokens tokens = tokens(KeyRing.random(), false);
        assertThat(verify(tokens, tokens.issue(SESSION, "button"), "shop"))
                .isInstanceOfSatisfying(ProofVerdict.Valid.class, valid -> {
                    assertThat(valid.proof().session()).isEqualTo("s1");
                    assertThat(valid.proof().method()).isEqualTo("button");
                    assertThat(valid.proof().expiresAtMillis()).isEqualTo(1_300_000);
                });
    }

    @Test
    void noCharacterOfAProofCanBeChanged() {
        ProofTokens tokens = tokens(KeyRing.random(), false);
        String token = tokens.issue(SESSION, "button");
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(verify(tokens, changed, "shop")).as(changed).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        }
        for (String other : new String[] {"", ".", token + "A", token.substring(1), token.replace('.', ','), "a.b.c"}) {
            assertThat(verify(tokens, other, "shop")).as(other).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        }
    }

    @Test
    void aProofHasOneSpelling() {
        ProofTokens tokens = tokens(KeyRing.random(), false);
        String token = tokens.issue(SESSION, "button");
        // The last character of a signature holds two bits of nothing, and ours is the one in which they are 0.
        char last = token.charAt(token.length() - 1);
        String twin = token.substring(0, token.length() - 1) + (char) (last + 1);
        for (String other : new String[] {twin, token + "=", token.replace(".", "=="), token.replace(".", "==.")}) {
            assertThat(verify(tokens, other, "shop")).as(other).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        }
    }

    @Test
    void aProofCountsForItsTenantUnderItsKeyUntilItExpires() {
        ProofTokens tokens = tokens(KeyRing.random(), false);
        String token = tokens.issue(SESSION, "button");
        assertThat(verify(tokens, token, "bank")).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        assertThat(verify(tokens(KeyRing.random(), false), token, "shop")).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        millis.addAndGet(299_999);
        assertThat(verify(tokens, token, "shop")).isInstanceOf(ProofVerdict.Valid.class);
        millis.addAndGet(1);
        assertThat(verify(tokens, token, "shop")).isEqualTo(ProofVerdict.Invalid.EXPIRED);
    }

    @Test
    void aProofThatMayBeUsedOnceIsUsedThen() {
        ProofTokens tokens = tokens(KeyRing.random(), true);
        String token = tokens.issue(SESSION, "button");
        assertThat(verify(tokens, token, "bank")).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        assertThat(verify(tokens, token, "shop")).isInstanceOf(ProofVerdict.Valid.class);
        assertThat(verify(tokens, token, "shop")).isEqualTo(ProofVerdict.Invalid.USED);
        millis.addAndGet(299_999);
        assertThat(verify(tokens, token, "shop")).isEqualTo(ProofVerdict.Invalid.USED);
    }

    @Test
    void aProofThatWasUsedAtOneReplicaIsUsedAtAll() {
        KeyRing keys = KeyRing.random();
        String token = tokens(keys, true).issue(SESSION, "button");
        assertThat(verify(tokens(keys, true), token, "shop")).isInstanceOf(ProofVerdict.Valid.class);
        assertThat(verify(tokens(keys, true), token, "shop")).isEqualTo(ProofVerdict.Invalid.USED);
    }

    @Test
    void aProofThatNobodyKnowsWhetherItWasUsedIsNeitherGoodNorBad() {
        Claims away = new Claims() {
            @Override
            public void claim(StateKey key, StateKey holder, long millis, ClaimSink sink) {
                sink.failed("away");
            }

            @Override
            public String trouble() {
                return "away";
            }
        };
        ProofTokens tokens = new ProofTokens(KeyRing.random(), Duration.ofMinutes(5), away, millis::get);
        assertThat(verify(tokens, tokens.issue(SESSION, "button"), "shop"))
                .isEqualTo(new ProofVerdict.Unknowable("away"));
        assertThat(verify(tokens, "nonsense", "shop")).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
    }

    @Test
    void theFirstKeyOfTheFileSignsAndAllVerify(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("proofs.keys");
        String token = tokens(KeyRing.open(file), false).issue(SESSION, "button");
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        Files.writeString(file, "new " + "ab".repeat(32) + "\n# the old one\n" + Files.readString(file));
        ProofTokens later = tokens(KeyRing.open(file), false);
        assertThat(verify(later, token, "shop")).isInstanceOf(ProofVerdict.Valid.class);
        Files.writeString(file, "new " + "ab".repeat(32));
        ProofTokens last = tokens(KeyRing.open(file), false);
        assertThat(verify(last, token, "shop")).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        assertThat(verify(last, later.issue(SESSION, "button"), "shop")).isInstanceOf(ProofVerdict.Valid.class);
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
