package com.esperr.gateway.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkProviderTest {
    private static final Ticket TICKET = new Ticket("000102030405060708090a0b0c0d0e0f", 1_000_000, 8, 3, 4, 0);
    private static final long BUDGET = 1200;

    private final WorkProvider provider = new WorkProvider(BUDGET);

    /** An answer whose hash begins with exactly so many zero bits. */
    private static String answer(int bits) {
        for (long number = 0; ; number++) {
            String text = HexFormat.of().toHexDigits(number);
            if (WorkProvider.bits(TICKET.id(), text) == bits) {
                return text;
            }
        }
    }

    private RejectReason check(String text, long afterMillis) {
        List<RejectReason> told = new ArrayList<>();
        assertThat(provider.check(new Answer(TICKET, text, null, TICKET.issuedAtMillis() + afterMillis), told::add))
                .isNull();
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    @Test
    void asManyBitsAsWantedCountAtOnce() {
        assertThat(check(answer(8), 0)).isNull();
        assertThat(check(answer(9), 0)).isNull();
    }

    @Test
    void fewerCountWhenTheTimeIsOver() {
        assertThat(check(answer(3), BUDGET - 1)).isEqualTo(RejectReason.EARLY);
        assertThat(check(answer(3), BUDGET)).isNull();
        assertThat(check(answer(2), BUDGET)).isEqualTo(RejectReason.WRONG);
    }

    @Test
    void anAnswerToAnotherTicketIsWrong() {
        assertThat(WorkProvider.bits("f".repeat(32), answer(8))).isNotEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "00000000000000000", "zzzzzzzzzzzzzzzz", "-000000000000001", "0x00000000000001"})
    void whatIsNoNumberIsWrong(String text) {
        assertThat(check(text, BUDGET)).isEqualTo(RejectReason.WRONG);
    }
}
