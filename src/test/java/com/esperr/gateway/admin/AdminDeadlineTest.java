package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminDeadlineTest {
    private final AdminDeadline deadline = new AdminDeadline(new Places(64));
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

    @Test
    void anIdleConnectionIsClosedInTheEnd() {
        pass(74);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aHeadThatTricklesIsCutOffFiveSecondsAfterItsFirstByte() {
        pass(60);
        for (int second = 0; second < 5; second++) {
            assertThat(channel.isOpen()).isTrue();
            channel.writeInbound("x");
            pass(1);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anAnswerThatIsNotTakenIsCutOffAfterTen() {
        channel.writeInbound("GET");
        deadline.answer();
        pass(9);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void everyAnswerBeginsTheWaitAnew() {
        for (int request = 0; request < 3; request++) {
            pass(70);
            channel.writeInbound("GET");
            deadline.answer();
            pass(9);
            deadline.waitForRequest();
        }
        assertThat(channel.isOpen()).isTrue();
        pass(75);
        assertThat(channel.isOpen()).isFalse();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
