package com.esperr.gateway.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many explanations are made in a second. */
class TurnsTest {
    /** How many there are of 10,000 that are asked for at once. */
    private static int taken(Turns turns, long millis) {
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            taken += turns.take(millis) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void thoseOfTenSecondsMayComeAtOnceAndThenSoManyInASecond() {
        Turns turns = new Turns(100, 10);
        assertThat(taken(turns, 5_000)).isEqualTo(1000);
        assertThat(taken(turns, 5_009)).isZero();
        assertThat(taken(turns, 5_010)).isOne();
        assertThat(taken(turns, 5_500)).isEqualTo(49);
        assertThat(taken(turns, 6_500)).isEqualTo(100);
        assertThat(taken(turns, 100_000)).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 100, 1_000_000})
    void inAFloodItIsTheAverage(int perSecond) {
        Turns turns = new Turns(perSecond, 10);
        int most = 10 * perSecond;
        int taken = 0;
        for (long millis = 0; millis < 100_000 && taken < 10_000_000; millis++) {
            while (turns.take(millis)) {
                taken++;
            }
        }
        assertThat(taken).isLessThanOrEqualTo(most + 100 * perSecond);
        assertThat(taken).isGreaterThanOrEqualTo(Math.min(10_000_000, most + 100 * perSecond - 1 - perSecond / 1000));
    }

    @Test
    void aClockThatIsSetBackEndsNothing() {
        Turns turns = new Turns(2, 10);
        assertThat(taken(turns, 1_000_000)).isEqualTo(20);
        assertThat(taken(turns, 900_000)).isZero();
        assertThat(taken(turns, 901_000)).isEqualTo(2);
    }

    @Test
    void clocksThatAreALittleApartGiveNothingTwice() {
        Turns turns = new Turns(1000, 1);
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            taken += turns.take(5_000 + i % 2) ? 1 : 0;
        }
        assertThat(taken).isBetween(1000, 1001);
    }

    @Test
    void whatIsLessImportantLeavesHalf() {
        Turns turns = new Turns(100, 10);
        int spare = 0;
        for (int i = 0; i < 10_000; i++) {
            spare += turns.takeSpare(5_000) ? 1 : 0;
        }
        assertThat(spare).isEqualTo(500);
        assertThat(taken(turns, 5_000)).isEqualTo(500);
        assertThat(turns.takeSpare(9_000)).isFalse();
        assertThat(turns.takeSpare(10_010)).isTrue();
    }
}
