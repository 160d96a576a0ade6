package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.transport.TransportConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Origins whose configuration changes while requests are there. */
class ReplacedOriginIT {
    private static OriginConfig config(String... more) {
        Map<String, String> values = new HashMap<>(Map.of(
                "origin.url", "http://127.0.0.1:9",
                "origin.shedding.enabled", "true",
                "origin.shedding.start", "3",
                "origin.shedding.min", "3"));
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        return Configurations.read(
                        ConfigSource.load(null, Map.of(), values), root -> OriginConfig.read(root.section("origin")))
                .value();
    }

    @Test
    void thoseWhoAreThereAreThereStill() {
        try (EventLoops loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.AUTO, 1))) {
            LoopLocal<Sweeper> sweepers = new LoopLocal<>(loop -> new Sweeper(loop, System::nanoTime));
            Upstreams before = Upstreams.of(List.of(config()), loops, sweepers, System::nanoTime, null);
            Intake first = before.all().get(0).intake();
            assertThat(first).isNotNull();
            assertThat(first.take(Rank.VERIFIED)).isTrue();
            assertThat(first.take(Rank.VERIFIED)).isTrue();

            Upstreams after =
                    before.with(List.of(config("origin.idle-timeout", "7s")), loops, sweepers, System::nanoTime, null);
            Intake next = after.all().get(0).intake();
            assertThat(next).isNotNull().isNotSameAs(first);
            assertThat(next.underWay()).isEqualTo(2);
            assertThat(next.take(Rank.VERIFIED)).isTrue();
            assertThat(next.take(Rank.VERIFIED)).as("a fourth").isFalse();
        }
    }
}
