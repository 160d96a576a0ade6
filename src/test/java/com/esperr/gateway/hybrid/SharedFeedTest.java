package com.esperr.gateway.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedFeedTest {
    private static final RequestContext VISITOR =
            Requests.get("/a").with("User-Agent", "x").context();

    private final Hybrids hybrids = new Hybrids();
    private final VirtualTime time = new VirtualTime();
    private final Replicated<Mitigation> store = new MemoryReplicated<>(1000, hybrids.millis::get);

    SharedFeedTest() {
        hybrids.feed = List.of(FeedKind.LEARNED, FeedKind.SHARED);
        hybrids.seed = new HashSeed(1, 2);
    }

    private HybridSource gateway() {
        return hybrids.source(new SharedFeed(store, time::in));
    }

    private void learn(HybridSource gateway, Action action, long asOf) {
        gateway.learning().learned(gateway.learning().key(VISITOR), action, asOf, "d-1", "why");
    }

    private static boolean blocks(HybridSource gateway) {
        return Hybrids.ask(gateway, VISITOR).decision instanceof Decision.Block;
    }

    @Test
    void whatOneLearnedAllKnow() {
        HybridSource one = gateway();
        HybridSource other = gateway();
        learn(one, Action.BLOCK, 0);
        assertThat(blocks(one)).isTrue();
        assertThat(blocks(other)).isTrue();
        assertThat(blocks(gateway())).as("one that joins later").isTrue();
        learn(other, Action.ALLOW, Long.MAX_VALUE);
        assertThat(blocks(one)).isFalse();
        assertThat(blocks(other)).isFalse();
    }

    @Test
    void aLateAnswerEndsNothingAnywhere() {
        HybridSource one = gateway();
        HybridSource other = gateway();
        learn(one, Action.BLOCK, 0);
        learn(other, Action.ALLOW, hybrids.millis.get());
        assertThat(blocks(one)).isTrue();
        assertThat(blocks(other)).isTrue();
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void anotherSecretMeansNobody() {
        HybridSource one = gateway();
        hybrids.seed = new HashSeed(3, 4);
        HybridSource other = gateway();
        learn(one, Action.BLOCK, 0);
        assertThat(blocks(other)).isFalse();
        other.reseed(new HashSeed(1, 2));
        assertThat(blocks(other)).isTrue();
        assertThat(other.learning().key(VISITOR)).isEqualTo(one.learning().key(VISITOR));
    }

    @Test
    void aStoreThatCanBeReachedIsASignOfLife() {
        hybrids.onMiss = OnMiss.ALLOW;
        hybrids.staleAfter = Duration.ofSeconds(10);
        HybridSource gateway = gateway();
        for (int i = 0; i < 60; i++) {
            hybrids.advance(Duration.ofSeconds(1));
            time.pass(Duration.ofSeconds(1));
        }
        assertThat(gateway.trouble()).isNull();
        hybrids.advance(Duration.ofSeconds(11));
        assertThat(gateway.trouble()).contains("stale-after");
    }

    @Test
    void nothingIsToldAfterTheEnd() {
        HybridSource one = gateway();
        HybridSource other = gateway();
        other.close();
        learn(one, Action.BLOCK, 0);
        assertThat(blocks(other)).isFalse();
    }

    @Test
    void mitigationsAreWrittenAndReadWhole() {
        Mitigation.Place place = new Mitigation.Place("https://c.test/\u00e9?\"", new StateKey(-5, 6));
        for (Mitigation mitigation : List.of(
                Mitigation.of(Action.BLOCK, 5),
                new Mitigation(Action.CHALLENGE, Long.MAX_VALUE, place, "d-1", "why\n"))) {
            assertThat(SharedFeed.CODEC.read(SharedFeed.CODEC.write(mitigation)))
                    .isEqualTo(mitigation);
        }
        String later = SharedFeed.CODEC.write(Mitigation.of(Action.BLOCK, 5)).replace("{", "{\"more\":[{}],");
        assertThat(SharedFeed.CODEC.read(later)).isEqualTo(Mitigation.of(Action.BLOCK, 5));
        for (String bad : List.of("", "[]", "{", "{}", "{\"action\":\"explode\",\"expires_at_millis\":1}")) {
            assertThatThrownBy(() -> SharedFeed.CODEC.read(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
