package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http2.FloodAllowances;
import com.esperr.gateway.listen.Http2Config;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The request before the first one is answered like any other, and leaves nothing behind. */
class RehearsalTest {
    private final Unanswered asked = new Unanswered();
    private final LoneConnection at = LoneConnection.with(asked);
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void stop() {
        channel.finishAndReleaseAll();
        at.close();
    }

    @Test
    void itIsAnsweredAndNobodyIsAskedOrTold() {
        Rehearsal.play(
                channel, at.services.now(), new Http2Config(true, 100, 256 << 10, 1 << 20, FloodAllowances.USUAL));
        StringBuilder sent = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            sent.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
        assertThat(sent.toString()).endsWith("rehearsal");
        assertThat(asked.count).isZero();
        assertThat(at.records).isEmpty();
        assertThat(at.connections.open()).isZero();
        assertThat(at.connections.accepted()).isZero();
        assertThat(at.connections.requestsOpen()).isZero();
        assertThat(at.http2.requests()).isZero();
    }
}
