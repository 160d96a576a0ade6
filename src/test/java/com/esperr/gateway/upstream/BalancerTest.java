package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.Requests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BalancerTest {
    private final List<OriginEndpoint> endpoints = new ArrayList<>();
    private long now = 1;

    @Test
    void roundRobinTakesEachInTurn() {
        Balancer balancer = balancer("balance", "round-robin");
        assertThat(counts(balancer, 400, 0)).isEqualTo(Map.of(0, 100, 1, 100, 2, 100, 3, 100));
    }

    @Test
    void theLessLoadedOfTwoIsTaken() {
        Balancer balancer = balancer();
        for (int i = 0; i < 3; i++) {
            endpoints.get(i).gauges().leased.add(10);
        }
        Map<Integer, Integer> counts = counts(balancer, 4000, 0);
        // Half of all pairs of four have the idle one in them.
        assertThat(counts.get(3)).isBetween(1700, 2300);
        endpoints.get(0).gauges().leased.add(100);
        assertThat(counts(balancer, 1000, 0)).doesNotContainKey(0);
    }

    @Test
    void whoWasTriedIsLeftOut() {
        Balancer balancer = balancer();
        assertThat(counts(balancer, 100, 0b1011)).containsOnlyKeys(2);
        assertThat(balancer.pick(null, 0b1111)).isNull();
    }

    @Test
    void whoIsDownOrEjectedIsLeftOutUnlessThatIsEverybody() {
        Balancer balancer = balancer();
        endpoints.get(0).health().down("why");
        endpoints.get(1).health().eject(now);
        assertThat(counts(balancer, 100, 0)).containsOnlyKeys(2, 3);
        endpoints.get(2).health().eject(now);
        endpoints.get(3).health().down("why");
        assertThat(counts(balancer, 1000, 0)).hasSize(4);
    }

    @Test
    void whoIsFullIsLeftOutAlsoIfThatIsEverybody() {
        Balancer balancer = balancer("max-requests", "2");
        endpoints.get(0).gauges().leased.add(2);
        endpoints.get(1).gauges().waiting.add(2);
        assertThat(counts(balancer, 100, 0)).containsOnlyKeys(2, 3);
        endpoints.get(2).gauges().connecting.add(2);
        endpoints.get(3).gauges().leased.add(3);
        assertThat(balancer.pick(null, 0)).isNull();
    }

    @Test
    void equalValuesMeetTheSameEndpointAndOnlyThoseOfOneThatGoesMeetAnother() {
        Balancer balancer = balancer("balance", "consistent-hash", "hash-on", "request_header[x-user]");
        Map<String, Integer> before = new HashMap<>();
        int[] shares = new int[4];
        for (int i = 0; i < 4000; i++) {
            int picked = picked(balancer, "user-" + i);
            assertThat(picked(balancer, "user-" + i)).isEqualTo(picked);
            before.put("user-" + i, picked);
            shares[picked]++;
        }
        for (int share : shares) {
            assertThat(share).isBetween(800, 1200);
        }
        endpoints.get(2).health().down("why");
        before.forEach((user, picked) -> {
            if (picked != 2) {
                assertThat(picked(balancer, user)).isEqualTo(picked);
            } else {
                assertThat(picked(balancer, user)).isNotEqualTo(2);
            }
        });
    }

    private Balancer balancer(String... keysAndValues) {
        OriginConfig config = Setting.of(Setting.places(4), keysAndValues);
        for (int i = 0; i < 4; i++) {
            endpoints.add(new OriginEndpoint(config, i));
        }
        return new Balancer(endpoints, config, () -> now, new SplittableRandom(7));
    }

    private static int picked(Balancer balancer, String user) {
        return balancer.pick(Requests.get("/").with("X-User", user).context(), 0)
                .index();
    }

    private static Map<Integer, Integer> counts(Balancer balancer, int picks, long tried) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < picks; i++) {
            counts.merge(balancer.pick(null, tried).index(), 1, Integer::sum);
        }
        return counts;
    }
}
