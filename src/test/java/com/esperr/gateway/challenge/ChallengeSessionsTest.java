package com.esperr.gateway.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ChallengeSessionsTest {
    private static final String PAGE = "https://shop.test/";
    private static final int MOST = 100;

    private final AtomicLong millis = new AtomicLong(1_000_000);
    private final ChallengeSessions sessions =
            new ChallengeSessions(MOST, Duration.ofMinutes(10), () -> millis.get() * 1_000_000, millis::get);

    @Test
    void aSessionEndsOnceAndAtItsTime() {
        ChallengeSession taken = sessions.open("shop", PAGE, null);
        ChallengeSession left = sessions.open("shop", null, null);
        assertThat(sessions.find(taken.id())).isEqualTo(taken);
        assertThat(sessions.take(taken.id())).isEqualTo(taken);
        assertThat(sessions.take(taken.id())).isNull();
        assertThat(sessions.find(taken.id())).isNull();
        millis.addAndGet(599_999);
        assertThat(sessions.find(left.id())).isEqualTo(left);
        millis.incrementAndGet();
        assertThat(sessions.find(left.id())).isNull();
        assertThat(sessions.take(left.id())).isNull();
        assertThat(sessions.size()).isZero();
        assertThat(sessions.dropped()).isZero();
    }

    @Test
    void theOldestAreDroppedFirstAndCounted() {
        ChallengeSession oldest = sessions.open("shop", PAGE, null);
        for (int i = 1; i < MOST; i++) {
            assertThat(sessions.find(sessions.open("shop", PAGE, null).id())).isNotNull();
        }
        assertThat(sessions.find(oldest.id())).isEqualTo(oldest);
        ChallengeSession newest = sessions.open("shop", PAGE, null);
        assertThat(sessions.find(oldest.id())).isNull();
        assertThat(sessions.find(newest.id())).isEqualTo(newest);
        assertThat(sessions.size()).isEqualTo(MOST);
        assertThat(sessions.dropped()).isEqualTo(1);
    }

    @Test
    void longUrlsTakeMorePlaces() {
        String url = PAGE + "a".repeat(8_000);
        for (int i = 0; i < MOST; i++) {
            sessions.open("shop", url, null);
        }
        assertThat(sessions.size()).isEqualTo(MOST / 16);
    }

    @Test
    void whoOpensThemInMassesEndsNoneOfAnotherTenant() {
        ChallengeSession other = sessions.open("bank", PAGE, null);
        for (int i = 0; i < 10 * MOST; i++) {
            sessions.open("shop", PAGE + "a".repeat(i % 8_000), null);
        }
        assertThat(sessions.take(other.id())).isEqualTo(other);
    }

    @Test
    void otherTermsHoldForThoseThatAreOpenedFromThenOn() {
        ChallengeSession before = sessions.open("shop", PAGE, null);
        sessions.retune(2, Duration.ofMinutes(1));
        ChallengeSession brief = sessions.open("shop", PAGE, null);
        millis.addAndGet(60_000);
        assertThat(sessions.find(brief.id())).isNull();
        assertThat(sessions.find(before.id())).isEqualTo(before);
        assertThat(sessions.fill().capacity()).isEqualTo(2);
        sessions.open("shop", PAGE, null);
        assertThat(sessions.find(before.id())).isNull();
        assertThat(sessions.dropped()).isEqualTo(1);
    }

    @Test
    void thoseOfATenantThatIsGoneEndAndNoOthers() {
        ChallengeSession gone = sessions.open("bank", PAGE, null);
        ChallengeSession stays = sessions.open("shop", PAGE, null);
        sessions.forget("bank");
        assertThat(sessions.find(gone.id())).isNull();
        assertThat(sessions.take(stays.id())).isEqualTo(stays);
        assertThat(sessions.size()).isZero();
        assertThat(sessions.fill().entries()).isZero();
        ChallengeSession back = sessions.open("bank", PAGE, null);
        assertThat(sessions.find(back.id())).isEqualTo(back);
    }
}
