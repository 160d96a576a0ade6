package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.transport.Disconnection;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class NotesTest {
    @Test
    void theFirstFailureCounts() {
        Notes notes = new Notes(Clock.SYSTEM, "192.0.2.1", () -> "ref");
        notes.failed(FailureReason.ORIGIN_CLOSED, "closed inside a body");
        notes.failed(FailureReason.CLIENT_ABORTED, "our own reset");
        ExchangeRecord record = notes.record(null);
        assertThat(record.failure()).isEqualTo(FailureReason.ORIGIN_CLOSED);
        assertThat(record.failureDetail()).isEqualTo("closed inside a body");
        assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aLostConnectionWithoutWordsIsDescribedByItsName() {
        assertThat(Disconnection.describe(new ClosedChannelException())).isEqualTo("ClosedChannelException");
    }
}
