package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHashTest {
    private static final HashSeed REFERENCE_SEED = new HashSeed(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    private static final HashSeed SEED = new HashSeed(1, 2);

    /** Message of n bytes 0, 1, 2…; the values are what OpenSSL's SIPHASH answers for size 16. */
    @ParameterizedTest
    @CsvSource({
        "0, A3817F04BA25A8E66DF67214C7550293",
        "8, 3B62A9BA6258F5610F83E264F31497B4",
        "16, 6EE2A4CA67B054BBFD3315BF85230577",
        "24, 2DB479AE78BD50D8882A8A178A6132AD"
    })
    void isSipHashOf128Bits(int length, String expected) {
        KeyHash hash = new KeyHash(REFERENCE_SEED);
        ByteBuffer message = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            message.put((byte) i);
        }
        message.flip();
        while (message.hasRemaining()) {
            hash.add(message.getLong());
        }
        StateKey key = hash.key();
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(key.high()).putLong(key.low());
        assertThat(HexFormat.of().withUpperCase().formatHex(bytes.array())).isEqualTo(expected);
    }

    @Test
    void partsCannotBeShiftedIntoEachOther() {
        Set<StateKey> keys = new HashSet<>();
        keys.add(key("ab", "c"));
        keys.add(key("a", "bc"));
        keys.add(key("", "abc"));
        keys.add(key("abc", ""));
        keys.add(key("abc", null));
        keys.add(key(null, "abc"));
        keys.add(key("abc\0", ""));
        assertThat(keys).hasSize(7);
    }

    @Test
    void anAbsentPartIsNotAnEmptyOne() {
        assertThat(key(null, "x")).isNotEqualTo(key("", "x"));
    }

    /** Snapshots and Redis hold keys that an earlier gateway made. */
    @ParameterizedTest
    @CsvSource({
        "'', 2572bf82afb474ba16eb2debf541f6c2",
        "Mozilla, b798a919a206e7301e3292c19d57edae",
        "12345678, 403c00f77fba9ce6803cf6950841fe89",
        "Mozilla/5.0 日本, 4970f2368161bd9e8ad5c4bdc49d27c0"
    })
    void aTextHasTheSameKeyForGood(String text, String expected) {
        StateKey key = new KeyHash(SEED).add(text).key();
        assertThat(HexFormat.of().toHexDigits(key.high()) + HexFormat.of().toHexDigits(key.low()))
                .isEqualTo(expected);
    }

    @Test
    void goesOnFromWhatWasBegun() {
        KeyHash begun = new KeyHash(SEED).add("a");
        StateKey once = new KeyHash(begun).add("b").key();
        StateKey again = new KeyHash(begun).add("b").key();
        assertThat(once).isEqualTo(again).isEqualTo(key("a", "b"));
    }

    @Test
    void theSeedDecides() {
        assertThat(new KeyHash(new HashSeed(1, 3)).add("a").key())
                .isNotEqualTo(new KeyHash(SEED).add("a").key());
        assertThat(new KeyHash(SEED).add("a").key())
                .isEqualTo(new KeyHash(SEED).add("a").key());
    }

    @Test
    void everyCharacterCounts() {
        Set<StateKey> keys = new HashSet<>();
        for (char c = 0; c < 2_000; c++) {
            keys.add(key("prefix" + c, "日本"));
        }
        assertThat(keys).hasSize(2_000);
    }

    @Test
    void aSeedDoesNotShowItself() {
        assertThat(SEED.toString()).isEqualTo("HashSeed[***]");
    }

    private static StateKey key(String first, String second) {
        return new KeyHash(SEED).add(first).add(second).key();
    }
}
