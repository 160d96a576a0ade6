package com.esperr.gateway.hybrid;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A source that takes the place of another one, and what is told meanwhile. */
class HandedOverTest {
    private final Hybrids hybrids = new Hybrids();

    private static RequestContext visitor() {
        return Requests.get("/a").with("User-Agent", "x").context();
    }

    private static void learn(HybridSource source, RequestContext request, Action action) {
        Learning learning = source.learning();
        learning.learned(learning.key(request), action, Long.MAX_VALUE, null, null);
    }

    /** Memos are asked for before and behind what is remembered, and so the second time nothing is taken over yet, but all is copied. */
    private HybridSource handedOver(HybridSource before, ToldFeed feed, Runnable meanwhile) {
        AtomicInteger asked = new AtomicInteger();
        feed.whenAsked = () -> {
            if (asked.incrementAndGet() == 2) {
                meanwhile.run();
            }
        };
        HybridSource next = hybrids.after(before, new ToldFeed());
        assertThat(asked).hasValueGreaterThanOrEqualTo(2);
        return next;
    }

    @Test
    void whatIsLiftedDuringAHandOverStaysLifted() {
        ToldFeed feed = new ToldFeed();
        HybridSource before = hybrids.source(feed);
        RequestContext other = Requests.get("/").from("203.0.113.77").context();
        learn(before, visitor(), Action.BLOCK);
        learn(before, other, Action.BLOCK);
        HybridSource next = handedOver(before, feed, () -> learn(before, visitor(), Action.ALLOW));
        assertThat(Hybrids.ask(next, visitor()).abstained).isTrue();
        assertThat(Hybrids.ask(next, other).decision).isInstanceOf(Decision.Block.class);
        assertThat(Hybrids.state(next, "learned").entries()).isEqualTo(1);
    }

    @Test
    void whatIsLearnedDuringAHandOverTakesThePlaceOfWhatWasKnown() {
        hybrids.allow = Duration.ofMinutes(1);
        hybrids.challenge = ChallengeUrl.parse("https://challenge.test/");
        ToldFeed feed = new ToldFeed();
        HybridSource before = hybrids.source(feed);
        RequestContext other = Requests.get("/").from("203.0.113.77").context();
        learn(before, visitor(), Action.BLOCK);
        learn(before, other, Action.BLOCK);
        HybridSource next = handedOver(before, feed, () -> {
            learn(before, visitor(), Action.ALLOW);
            learn(before, other, Action.CHALLENGE);
        });
        assertThat(Hybrids.ask(next, visitor()).decision).isInstanceOf(Decision.Allow.class);
        assertThat(Hybrids.ask(next, other).decision).isInstanceOf(Decision.Challenge.class);
    }

    @Test
    void anAnswerToAQuestionOfBeforeAHandOverEndsWhatWasToldBeforeTheQuestion() {
        HybridSource before = hybrids.source();
        learn(before, visitor(), Action.BLOCK);
        hybrids.advance(Duration.ofSeconds(1));
        long asked = hybrids.millis.get();
        hybrids.advance(Duration.ofSeconds(1));
        HybridSource next = hybrids.after(before);
        Learning learning = next.learning();
        learning.learned(learning.key(visitor()), Action.ALLOW, asked, null, null);
        assertThat(Hybrids.ask(next, visitor()).abstained).isTrue();
    }
}
