package com.esperr.gateway.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.challenge.KeyRing;
import com.esperr.gateway.challenge.Seals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TicketsTest {
    private static final byte[] OLD = new byte[32];
    private static final byte[] NEW = "n".repeat(32).getBytes(StandardCharsets.US_ASCII);

    private long now = 1_000_000_000L;
    private final Tickets tickets = tickets(KeyRing.of(List.of(OLD)), "ticket");

    private Tickets tickets(KeyRing keys, String purpose) {
        return new Tickets(new Seals(keys, purpose), Duration.ofMinutes(10), () -> now);
    }

    private String made() {
        return tickets.text(tickets.make(15, 10, 5, 2), "t/shop.test");
    }

    @Test
    void aTicketIsWhatItWas() {
        Ticket made = tickets.make(15, 10, 5, 2);
        Tickets.Found found = tickets.find(tickets.text(made, "t/shop.test"), "t/shop.test");
        assertThat(found.trouble()).isNull();
        assertThat(found.ticket()).isEqualTo(made);
    }

    @Test
    void itIsGoodForItsSiteItsPurposeAndItsTimeOnly() {
        String text = made();
        assertThat(tickets.find(text, "t/other.test").trouble()).isEqualTo(RejectReason.UNKNOWN);
        assertThat(tickets.find(text, "u/shop.test").trouble()).isEqualTo(RejectReason.UNKNOWN);
        assertThat(tickets(KeyRing.of(List.of(OLD)), "seen")
                        .find(text, "t/shop.test")
                        .trouble())
                .isEqualTo(RejectReason.UNKNOWN);
        now += Duration.ofMinutes(10).toMillis();
        assertThat(tickets.find(text, "t/shop.test").trouble()).isNull();
        now++;
        assertThat(tickets.find(text, "t/shop.test").trouble()).isEqualTo(RejectReason.EXPIRED);
    }

    @Test
    void itOutlivesAChangeOfKeys() {
        String text = made();
        assertThat(tickets(KeyRing.of(List.of(NEW, OLD)), "ticket")
                        .find(text, "t/shop.test")
                        .trouble())
                .isNull();
        assertThat(tickets(KeyRing.of(List.of(NEW)), "ticket")
                        .find(text, "t/shop.test")
                        .trouble())
                .isEqualTo(RejectReason.UNKNOWN);
    }

    @Test
    void noOtherTextIsOne() {
        String text = made();
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder changed = new StringBuilder(text);
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> changed.setCharAt(at, (char) (33 + random.nextInt(94)));
                case 1 -> changed.setLength(at);
                default -> changed.insert(at, (char) (33 + random.nextInt(94)));
            }
            if (!changed.toString().equals(text)) {
                assertThat(tickets.find(changed.toString(), "t/shop.test").trouble())
                        .as(changed.toString())
                        .isEqualTo(RejectReason.UNKNOWN);
            }
        }
        assertThat(tickets.find(null, "t/shop.test").trouble()).isEqualTo(RejectReason.UNKNOWN);
        assertThat(tickets.find("x".repeat(100_000), "t/shop.test").trouble()).isEqualTo(RejectReason.UNKNOWN);
    }
}
