package com.esperr.gateway.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.decision.Action;
import org.junit.jupiter.api.Test;

class MitigationStoreTest {
    private long now = 1_000;
    private final MitigationStore store = new MitigationStore(100, () -> now * 1_000_000, () -> now, Runnable::run);

    private static MitigationKey key(int i) {
        return new MitigationKey(i, -i);
    }

    private Mitigation block(long millis) {
        return Mitigation.of(Action.BLOCK, now + millis);
    }

    @Test
    void neverGrowsBeyondItsBoundAndCountsWhatItDrops() {
        for (int i = 0; i < 10_000; i++) {
            store.put(key(i), block(1_000));
        }
        store.tidy();
        assertThat(store.size()).isEqualTo(100);
        assertThat(store.evictions()).isEqualTo(9_900);
    }

    @Test
    void anExpiredOneIsGoneFromMemoryToo() {
        for (int i = 0; i < 50; i++) {
            store.put(key(i), block(1_000));
        }
        now += 2_000;
        store.tidy();
        assertThat(store.find(key(1))).isNull();
        assertThat(store.size()).isZero();
        assertThat(store.evictions()).isZero();
    }

    @Test
    void aLaterWordReplacesAnEarlierOneWithItsTime() {
        store.put(key(1), block(1_000));
        store.put(key(1), block(5_000));
        now += 2_000;
        assertThat(store.find(key(1))).isNotNull();
        store.put(key(1), block(-1));
        assertThat(store.find(key(1))).isNull();
    }

    @Test
    void aKeyIsWrittenAndReadAsText() {
        MitigationKey key = new MitigationKey(0x0123456789abcdefL, -1);
        assertThat(key).hasToString("0123456789abcdefffffffffffffffff");
        assertThat(MitigationKey.parse(key.toString())).isEqualTo(key);
        assertThatThrownBy(() -> MitigationKey.parse("12")).isInstanceOf(IllegalArgumentException.class);
    }
}
