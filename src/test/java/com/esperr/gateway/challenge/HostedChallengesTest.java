package com.esperr.gateway.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.Requests;
import com.esperr.gateway.state.MemoryClaims;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HostedChallengesTest {
    private static final String MARK = "esper_challenge_proof=";

    private final AtomicLong millis = new AtomicLong(1_000_000);
    private final KeyRing keys = KeyRing.random();
    private final HostedChallenges challenges = new HostedChallenges(
            config(Duration.ofMinutes(5), true),
            keys,
            new MemoryClaims(1_000, () -> millis.get() * 1_000_000),
            () -> "http://esper.test",
            () -> millis.get() * 1_000_000,
            millis::get);

    private static HostedConfig config(Duration lifetime, boolean once) {
        return new HostedConfig(Duration.ofMinutes(10), 100, lifetime, once, null);
    }

    private String opened() {
        String url = challenges
                .place("shop", new ReturnHosts(Set.of(ReturnHosts.ANY)))
                .fill(Requests.get("/login").context());
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private String passed(String session) {
        HostedChallenges.Passed passed = Objects.requireNonNull(challenges.pass(session, "button"));
        String location = Objects.requireNonNull(passed.location());
        return location.substring(location.indexOf(MARK) + MARK.length());
    }

    private ProofVerdict verify(String proof) {
        AtomicReference<ProofVerdict> verdict = new AtomicReference<>();
        challenges.verify(proof, "shop", verdict::set);
        return verdict.get();
    }

    @Test
    void aSessionUnderWayEndsWithAProofOfOtherTermsAndTheProofBeforeStillCounts() {
        String before = passed(opened());
        String session = opened();
        challenges.retune(config(Duration.ofMinutes(1), true), keys);
        String next = passed(session);
        millis.addAndGet(60_000);
        assertThat(verify(next)).isEqualTo(ProofVerdict.Invalid.EXPIRED);
        assertThat(verify(before)).isInstanceOf(ProofVerdict.Valid.class);
    }

    @Test
    void underOtherKeysTheProofBeforeCountsNoMore() {
        String before = passed(opened());
        challenges.retune(config(Duration.ofMinutes(5), true), KeyRing.random());
        assertThat(verify(before)).isEqualTo(ProofVerdict.Invalid.UNKNOWN);
        assertThat(verify(passed(opened()))).isInstanceOf(ProofVerdict.Valid.class);
    }

    @Test
    void whatWasUsedIsRememberedWhenProofsMayBeUsedAgainForAWhile() {
        String proof = passed(opened());
        assertThat(verify(proof)).isInstanceOf(ProofVerdict.Valid.class);
        challenges.retune(config(Duration.ofMinutes(5), false), keys);
        assertThat(verify(proof)).isInstanceOf(ProofVerdict.Valid.class);
        challenges.retune(config(Duration.ofMinutes(5), true), keys);
        assertThat(verify(proof)).isEqualTo(ProofVerdict.Invalid.USED);
    }
}
