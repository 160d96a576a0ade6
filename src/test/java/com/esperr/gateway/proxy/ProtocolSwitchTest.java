package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http1.BadMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolSwitchTest {
    private final AtomicInteger switched = new AtomicInteger();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new ProtocolSwitch(false, Duration.ofSeconds(10), switched::incrementAndGet));

    @BeforeEach
    void freezeTime() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void receives(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private void passes(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    private String passedOn() {
        ByteBuf bytes = channel.readInbound();
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        bytes.release();
        return text;
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "PR"})
    void aBeginningThatNeverGoesOnIsAHeadThatIsNotCompleteInTime(String beginning) {
        receives(beginning);
        passes(9);
        assertThat(channel.inboundMessages()).isEmpty();
        passes(1);
        assertThat(channel.<BadMessage>readInbound().reason()).isEqualTo(FailureReason.REQUEST_TIMEOUT);
        assertThat(channel.pipeline().get(ProtocolSwitch.class)).isNull();
    }

    @Test
    void aSecondByteDoesNotBeginTheTimeAnew() {
        receives("P");
        passes(9);
        receives("R");
        passes(1);
        assertThat(channel.<BadMessage>readInbound().reason()).isEqualTo(FailureReason.REQUEST_TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST / HTTP/1.1", "GET /", "PRI * HTTP/2.0"})
    void whoSaysWhatItSpeaksHasThatPassedOnAndNothingElse(String said) {
        receives(said.substring(0, 1));
        passes(9);
        receives(said.substring(1));
        passes(60);
        StringBuilder all = new StringBuilder();
        while (!channel.inboundMessages().isEmpty()) {
            all.append(passedOn());
        }
        assertThat(all).hasToString(said);
        assertThat(switched).hasValue(said.startsWith("PRI") ? 1 : 0);
    }

    @Test
    void whoSaysNothingIsNotLate() {
        passes(60);
        assertThat(channel.inboundMessages()).isEmpty();
    }
}
