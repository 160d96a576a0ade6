package com.esperr.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeakGuardTest {

    @Test
    void reportsABufferThatNobodyReleased() throws InterruptedException {
        LeakRecorder.silent(true);
        loseOne();
        List<String> leaks = LeakGuard.collect();
        LeakRecorder.silent(false);
        assertThat(leaks).singleElement().asString().contains("ByteBuf");
    }

    @Test
    void acceptsReleasedAndLivingBuffers() throws InterruptedException {
        List<ByteBuf> living = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            living.add(ByteBufAllocator.DEFAULT.directBuffer(16));
            ByteBufAllocator.DEFAULT.buffer(16).release();
        }
        assertThat(LeakGuard.collect()).isEmpty();
        living.forEach(ByteBuf::release);
    }

    private static void loseOne() {
        ByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    }
}
