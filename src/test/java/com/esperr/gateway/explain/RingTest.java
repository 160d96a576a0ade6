package com.esperr.gateway.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is kept of explanations, and for how long. */
class RingTest {
    private static final long DAY = 1000;

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Stream<String> texts(List<byte[]> found) {
        return found.stream().map(text -> new String(text, StandardCharsets.US_ASCII));
    }

    @Test
    void theOldestGoesWhenThereAreTooMany() {
        Ring ring = new Ring(2, 1 << 20, DAY);
        ring.put("A", text("a"), 0);
        ring.put("B", text("b"), 1);
        ring.put("C", text("c"), 2);
        assertThat(ring.find("A", 2)).isNull();
        assertThat(texts(ring.newest(10, 2))).containsExactly("c", "b");
        assertThat(texts(ring.newest(1, 2))).containsExactly("c");
        assertThat(ring.dropped()).isOne();
        assertThat(ring.size()).isEqualTo(2);
    }

    @Test
    void theOldestGoWhenTheyAreTooLarge() {
        Ring ring = new Ring(100, 1000, DAY);
        ring.put("A", new byte[300], 0);
        ring.put("B", new byte[300], 0);
        ring.put("C", new byte[700], 0);
        assertThat(ring.find("B", 0)).isNull();
        assertThat(ring.find("C", 0)).hasSize(700);
        assertThat(ring.bytes()).isBetween(700L, 1000L);
        ring.put("D", new byte[2000], 0);
        assertThat(ring.size()).isZero();
        assertThat(ring.bytes()).isZero();
    }

    @Test
    void withLessRoomTheOldestGoAndWithMoreNothingDoes() {
        Ring ring = new Ring(2000, 1 << 20, DAY);
        for (int i = 0; i < 1000; i++) {
            ring.put("R" + i, text("t" + i), i < 100 ? 0 : DAY / 2);
        }
        ring.limit(1000, 1 << 20, DAY, DAY / 2);
        assertThat(ring.size()).isEqualTo(1000);
        ring.limit(1000, 1 << 20, DAY / 2, DAY / 2);
        assertThat(ring.size()).isEqualTo(900);
        assertThat(ring.dropped()).isZero();
        ring.limit(3, 1 << 20, DAY, DAY / 2);
        assertThat(texts(ring.newest(10, DAY / 2))).containsExactly("t999", "t998", "t997");
        assertThat(ring.dropped()).isEqualTo(897);
        ring.limit(3, 250, DAY, DAY / 2);
        assertThat(ring.size()).isOne();
        ring.limit(0, 250, DAY, DAY / 2);
        ring.put("R", text("t"), DAY / 2);
        assertThat(ring.size()).isZero();
        assertThat(ring.bytes()).isZero();
    }

    @Test
    void whatIsOldIsNotFoundAndLetGoWithoutBeingCounted() {
        Ring ring = new Ring(100, 1 << 20, DAY);
        ring.put("A", text("a"), 0);
        assertThat(ring.find("A", DAY - 1)).isNotNull();
        assertThat(ring.find("A", DAY)).isNull();
        assertThat(ring.newest(10, DAY)).isEmpty();
        ring.put("B", text("b"), DAY);
        assertThat(ring.size()).isOne();
        assertThat(ring.dropped()).isZero();
    }

    @Test
    void ofTwoWithOneReferenceTheLaterIsKept() {
        Ring ring = new Ring(100, 1 << 20, DAY);
        ring.put("A", new byte[500], 0);
        ring.put("A", text("b"), 1);
        assertThat(texts(ring.newest(10, 1))).containsExactly("b");
        assertThat(ring.bytes()).isLessThan(500);
    }
}
