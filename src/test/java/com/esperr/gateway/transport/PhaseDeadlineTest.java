package com.esperr.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PhaseDeadlineTest {
    private final PhaseDeadline deadline =
            new PhaseDeadline(Duration.ofSeconds(75), Duration.ofSeconds(5), Duration.ofSeconds(10));
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void begin() {
        channel.freezeTime();
        channel.pipeline().addLast(deadline);
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void anIdleConnectionIsClosedInTheEnd() {
        pass(74);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aRequestThatTricklesIsCutOffHoweverManyBytesCome() {
        pass(60);
        for (int second = 0; second < 5; second++) {
            assertThat(channel.isOpen()).isTrue();
            channel.writeInbound("x");
            pass(1);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anAnswerHasItsTimeAndTheNextRequestToo() {
        channel.writeInbound("x");
        deadline.answer();
        pass(9);
        deadline.waitForRequest();
        pass(74);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whatIsWatchedByOthersIsLeftAlone() {
        deadline.answer();
        deadline.none();
        channel.writeInbound("x");
        pass(1000);
        assertThat(channel.isOpen()).isTrue();
    }
}
