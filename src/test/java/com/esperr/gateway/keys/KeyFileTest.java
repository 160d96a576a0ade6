package com.esperr.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
    private static final String MOMENT = "2026-11-21T00:00:00Z";

    @TempDir
    private Path directory;

    private KeyFile file;

    @BeforeEach
    void name() {
        file = new KeyFile(directory.resolve("new/keys.jsonl"));
    }

    private NewKey add(String tenant) throws IOException {
        NewKey made = NewKey.random(tenant, null, MOMENT);
        file.add(made.entry());
        return made;
    }

    @Test
    void theFileIsItsOwnersAndHoldsNoKey() throws IOException {
        NewKey made = add("shop");
        String secret = made.text().substring(made.text().lastIndexOf('_') + 1);
        assertThat(Files.readString(file.path())).contains(made.entry().id()).doesNotContain(secret);
        if (Files.getFileStore(file.path()).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                    .isEqualTo("rw-------");
        }
        assertThat(made.toString()).doesNotContain(secret);
    }

    @Test
    void aKeyIsRecognisedAsItsTenants() throws IOException {
        NewKey shop = add("shop");
        NewKey bank = add("bank");
        ApiKeys keys = new ApiKeys(file.read());
        assertThat(keys.find(shop.text())).isEqualTo(shop.entry());
        assertThat(keys.find(bank.text())).isEqualTo(bank.entry());
        assertThat(keys.size()).isEqualTo(2);
    }

    @Test
    void whatIsNotAKeyIsNobodys() throws IOException {
        NewKey made = add("shop");
        NewKey other = NewKey.random("shop", null, MOMENT);
        ApiKeys keys = new ApiKeys(file.read());
        String text = made.text();
        String borrowed = text.substring(0, text.lastIndexOf('_'))
                + other.text().substring(other.text().lastIndexOf('_'));
        for (String wrong : List.of(
                "",
                "esk_",
                text + "x",
                text.substring(0, 20),
                text.toUpperCase(Locale.ROOT),
                borrowed,
                other.text(),
                "x".repeat(10_000))) {
            assertThat(keys.find(wrong)).isNull();
        }
    }

    @Test
    void aRevokedKeyIsNoneAndStaysListed() throws IOException {
        NewKey made = add("shop");
        NewKey kept = add("shop");
        assertThat(file.revoke(made.entry().id(), MOMENT)).isTrue();
        assertThat(file.revoke(made.entry().id(), MOMENT)).isFalse();
        assertThat(file.revoke("000000000000", MOMENT)).isFalse();
        ApiKeys keys = new ApiKeys(file.read());
        assertThat(keys.find(made.text())).isNull();
        assertThat(keys.holds(made.entry().id())).isFalse();
        assertThat(keys.find(kept.text())).isNotNull();
        assertThat(file.read()).extracting(KeyEntry::revoked).containsExactly(MOMENT, null);
    }

    @Test
    void whatPeopleWroteAroundTheKeysStaysWhenOneIsRevoked() throws IOException {
        NewKey made = add("shop");
        Files.writeString(file.path(), "# the shop's\n" + Files.readString(file.path()) + "\n# the bank's\n");
        add("bank");
        assertThat(file.revoke(made.entry().id(), MOMENT)).isTrue();
        List<String> lines = Files.readAllLines(file.path());
        assertThat(lines).hasSize(5).startsWith("# the shop's").contains("", "# the bank's");
        assertThat(lines.get(1)).contains(made.entry().id(), "revoked");
        assertThat(lines.get(4)).contains("bank").doesNotContain("revoked");
    }

    @Test
    void whatLiesWhereTheFileIsMadeAnewIsNeitherFollowedNorKept() throws IOException {
        NewKey made = add("shop");
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "kept");
        try {
            Files.createSymbolicLink(file.path().resolveSibling("keys.jsonl.new"), elsewhere);
        } catch (IOException | UnsupportedOperationException refused) {
            abort("links cannot be made here");
        }
        assertThat(file.revoke(made.entry().id(), MOMENT)).isTrue();
        assertThat(Files.isRegularFile(file.path(), LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(elsewhere).hasContent("kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{}", "{\"id\":\"0123456789ab\",\"tenant_id\":\"a\",\"sha256\":\"00\"}", "[1]"})
    void aLineThatIsNoEntryIsRefusedByItsNumber(String line) throws IOException {
        add("shop");
        Files.writeString(file.path(), Files.readString(file.path()) + line + "\n");
        assertThatThrownBy(file::read).isInstanceOf(IOException.class).hasMessageContaining("keys.jsonl:2: ");
    }
}
