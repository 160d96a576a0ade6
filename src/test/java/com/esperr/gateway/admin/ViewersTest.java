package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.net.HostPort;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ViewersTest {
    private static final String NOW = "event: now\ndata: {}\n\n";
    private static final String TABLES = "event: tables\ndata: []\n\n";

    private final AtomicLong nanos = new AtomicLong();
    private final Viewers viewers = new Viewers(2);
    private final Gate open = gate(null);

    @Test
    void everybodyIsToldTheSame() {
        EmbeddedChannel first = joined();
        EmbeddedChannel second = joined();
        tell(open);
        assertThat(told(first)).isEqualTo(NOW + TABLES).isEqualTo(told(second));
    }

    @Test
    void tablesAreToldWhenTheyAreNewOnly() {
        EmbeddedChannel viewer = joined();
        tell(open);
        assertThat(told(viewer))
                .as("what he was given before he joined may be old")
                .isEqualTo(NOW + TABLES);
        tell(open);
        assertThat(told(viewer)).isEqualTo(NOW);
        tell(true, open);
        assertThat(told(viewer)).isEqualTo(NOW + TABLES);
    }

    @Test
    void whoMissedTheTablesIsToldThemLater() {
        EmbeddedChannel viewer = joined();
        EmbeddedChannel quick = joined();
        tell(open);
        told(viewer);
        viewer.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        tell(true, open);
        tell(open);
        viewer.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        tell(open);
        assertThat(told(viewer)).isEqualTo(NOW + TABLES);
        tell(open);
        assertThat(told(viewer)).isEqualTo(NOW);
        quick.releaseOutbound();
    }

    @Test
    void thereAreNoMoreThanMay() {
        joined();
        EmbeddedChannel second = joined();
        assertThat(viewers.hasRoom()).isFalse();
        assertThat(viewers.join(new EmbeddedChannel(), Caller.NOBODY)).isFalse();
        second.close();
        assertThat(viewers.join(new EmbeddedChannel(), Caller.NOBODY)).isTrue();
    }

    @Test
    void whoLeavesIsForgotten() {
        joined().close();
        assertThat(viewers.isEmpty()).isTrue();
    }

    @Test
    void whoTakesNothingMissesSomeAndIsThenLetGo() {
        EmbeddedChannel slow = joined();
        EmbeddedChannel quick = joined();
        slow.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        for (int i = 1; i < Viewers.PATIENCE; i++) {
            tell(open);
        }
        assertThat(slow.isOpen()).isTrue();
        assertThat(slow.outboundMessages()).isEmpty();
        tell(open);
        assertThat(slow.isOpen()).isFalse();
        assertThat(quick.isOpen()).isTrue();
        assertThat(viewers.size()).isEqualTo(1);
        quick.releaseOutbound();
    }

    @Test
    void whoCatchesUpIsToldAgain() {
        EmbeddedChannel viewer = joined();
        for (int round = 0; round < 3; round++) {
            viewer.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
            for (int i = 1; i < Viewers.PATIENCE; i++) {
                tell(open);
            }
            viewer.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
            tell(open);
            assertThat(told(viewer)).startsWith("event: now");
        }
    }

    @Test
    void whoIsNotSignedInAnyMoreIsToldSoAndNothingElse() {
        Gate gate = gate("d3c1a9f0e7b64a2298b1c55f");
        String session = gate.sessions().open();
        EmbeddedChannel viewer = new EmbeddedChannel();
        viewers.join(viewer, new Caller("192.0.2.1", session, false));
        tell(gate);
        assertThat(told(viewer)).startsWith("event: now");
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        tell(gate);
        assertThat(told(viewer)).isEqualTo("event: end\ndata: \"signed out\"\n\n");
        assertThat(viewer.isOpen()).isFalse();
        assertThat(viewers.isEmpty()).isTrue();
    }

    private void tell(Gate gate) {
        tell(false, gate);
    }

    private void tell(boolean fresh, Gate gate) {
        viewers.tell(Viewers.event("now", "{}"), Viewers.event("tables", "[]"), fresh, gate);
    }

    private EmbeddedChannel joined() {
        EmbeddedChannel channel = new EmbeddedChannel();
        assertThat(viewers.join(channel, Caller.NOBODY)).isTrue();
        return channel;
    }

    private Gate gate(@Nullable String token) {
        return new Gate(
                new AdminConfig(
                        new HostPort("127.0.0.1", 0),
                        Set.of(),
                        token == null ? null : OperatorToken.parse(token),
                        new DashboardConfig(true, 2, Duration.ofHours(1))),
                nanos::get);
    }

    private static String told(EmbeddedChannel channel) {
        HttpContent content = channel.readOutbound();
        ByteBuf bytes = content.content();
        String text = bytes.toString(StandardCharsets.UTF_8);
        content.release();
        return text;
    }
}
