package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketKeysTest {
    private static final Duration TIMEOUT = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong(17);

    private TicketKeys made() {
        return new TicketKeys(new SessionConfig(1, TIMEOUT, null), nanos::get);
    }

    private static byte[] name(OpenSslSessionTicketKey key) {
        return key.name();
    }

    @Test
    void aKeyEncryptsForTheTimeoutAndIsUnderstoodForAsLongAgain() throws Exception {
        TicketKeys keys = made();
        byte[] first = name(keys.current()[0]);
        nanos.addAndGet(TIMEOUT.toNanos() - 1);
        assertThat(keys.due()).isFalse();
        assertThat(keys.current()).hasSize(1);
        nanos.addAndGet(1);
        assertThat(keys.due()).isTrue();
        OpenSslSessionTicketKey[] second = keys.current();
        assertThat(second).hasSize(2);
        assertThat(name(second[0])).isNotEqualTo(first);
        assertThat(name(second[1])).isEqualTo(first);
        assertThat(keys.due()).isFalse();
    }

    @Test
    void anOldKeyIsForgottenAfterAPause() throws Exception {
        TicketKeys keys = made();
        keys.current();
        nanos.addAndGet(2 * TIMEOUT.toNanos());
        assertThat(keys.current()).hasSize(1);
    }

    @Test
    void keysOfAFileAreThoseOfAllReplicasAndNeverDue() throws Exception {
        byte[] bytes = new byte[96];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Path file = Files.write(directory.resolve("tickets"), bytes);
        TicketKeys keys = new TicketKeys(new SessionConfig(1, TIMEOUT, file), nanos::get);
        OpenSslSessionTicketKey[] read = keys.current();
        assertThat(read).hasSize(2);
        assertThat(name(read[1])[0]).isEqualTo((byte) 48);
        assertThat(read[1].hmacKey()[0]).isEqualTo((byte) 64);
        assertThat(read[1].aesKey()[15]).isEqualTo((byte) 95);
        nanos.addAndGet(9 * TIMEOUT.toNanos());
        assertThat(keys.due()).isFalse();
        Files.write(file, new byte[50]);
        assertThatThrownBy(keys::current)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("listen.tls.sessions.ticket-key-file: " + file);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 47, 49, 80, 17 * 48})
    void otherLengthsAreNoKeys(int length) {
        assertThatThrownBy(() -> TicketKeys.parse(new byte[length])).hasMessage(TicketKeys.EXPECTED);
    }
}
