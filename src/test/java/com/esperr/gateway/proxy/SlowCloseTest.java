package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that takes its last bytes slowly is given as long as one that takes the bytes before them slowly. */
class SlowCloseTest {
    private static final String LAST_REQUEST =
            "OPTIONS / HTTP/1.1\r\nHost: gw.test\r\nMax-Forwards: 0\r\nConnection: close\r\n\r\n";

    private final LoneConnection at =
            LoneConnection.with().below(new NothingLeaves()).receives(LAST_REQUEST);

    @AfterEach
    void stop() {
        at.close();
    }

    @Test
    void anAnswerThatIsNotTakenYetIsNotCutAfterTheTimeForLingering() {
        at.passes(Duration.ZERO).passes(Duration.ofSeconds(10));
        assertThat(at.channel.isOpen()).isTrue();
    }

    @Test
    void anAnswerThatIsNeverTakenIsCutAfterTheIdleTimeout() {
        at.passes(Duration.ZERO).passes(at.limits.idleTimeout());
        assertThat(at.channel.isOpen()).isFalse();
    }

    /** A socket whose buffer is full. */
    private static final class NothingLeaves extends ChannelOutboundHandlerAdapter {
        @Override
        public void flush(ChannelHandlerContext ctx) {}
    }
}
