package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryReplicatedTest extends ReplicatedContract {
    private final MemoryReplicated<String> values = new MemoryReplicated<>(MAX_ENTRIES, clock::get, Runnable::run);

    @Override
    Replicated<String> values() {
        return values;
    }

    @Test
    void isNeverInTroubleAndCanBeReadWhenClosed() {
        put(ALICE, "block", 1_000);
        values.close();
        assertThat(values.trouble()).isNull();
        assertThat(find(ALICE)).isEqualTo("block");
    }
}
