package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.transport.Sweeper;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Visitors who send their requests slowly, at an origin that is given ten at once. */
class TicketTest {
    private static final int LIMIT = 10;
    private static final SheddingConfig CONFIG =
            new SheddingConfig(true, 2, LIMIT, LIMIT, 2, 100, Duration.ofMinutes(1), Surplus.QUEUE);
    private static final SheddingConfig SMALLER =
            new SheddingConfig(true, 2, LIMIT - 1, LIMIT - 1, 2, 100, Duration.ofMinutes(1), Surplus.QUEUE);
    private static final LeaseSink SINK = new LeaseSink() {
        @Override
        public void leased(RequestOutput connection) {}

        @Override
        public boolean whole() {
            return false;
        }

        @Override
        public void leaseFailed(FailureReason reason, String detail) {
            throw new AssertionError(detail);
        }
    };

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private long now = 1;
    private final Intake intake = new Intake("main", CONFIG, () -> now, null);
    private final IntakeLine line = line(intake);
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void close() {
        channel.close();
    }

    private IntakeLine line(Intake of) {
        return of.line(channel.eventLoop(), new Sweeper(channel.eventLoop(), () -> now));
    }

    private Ticket ticket() {
        return ticket(line);
    }

    private Ticket ticket(IntakeLine in) {
        Ticket ticket = new Ticket(in, Rank.UNVERIFIED, SINK, sink -> {
            asked.incrementAndGet();
            return () -> {};
        });
        ticket.begin();
        return ticket;
    }

    private List<Ticket> sending(int count) {
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Ticket ticket = ticket();
            ticket.sending();
            tickets.add(ticket);
        }
        return tickets;
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        line.sweep(now);
    }

    private void answerEach(int requests, long millis) {
        for (int i = 0; i < requests; i++) {
            Ticket ticket = ticket();
            pass(millis);
            ticket.answered(200);
        }
    }

    @Test
    void whoKeepsTheOriginWaitingGivesHisPlaceToTheNext() {
        List<Ticket> slow = sending(LIMIT);
        Ticket next = ticket();
        pass(99);
        slow.forEach(Ticket::awaiting);
        assertThat(asked).hasValue(LIMIT);
        pass(1);
        slow.forEach(Ticket::awaiting);
        assertThat(asked).hasValue(LIMIT + 1);
        assertThat(intake.underWay()).isEqualTo(1);
        next.answered(200);
        assertThat(intake.underWay()).isZero();
    }

    @Test
    void aRequestThatIsCompleteCountsThoughItsPlaceIsTaken() {
        List<Ticket> slow = sending(1);
        pass(100);
        slow.forEach(Ticket::awaiting);
        List<Ticket> others = sending(LIMIT);
        others.forEach(Ticket::sent);
        slow.forEach(Ticket::sent);
        assertThat(intake.underWay()).isEqualTo(LIMIT + 1);
        Ticket waits = ticket();
        slow.forEach(ticket -> ticket.answered(200));
        assertThat(asked).as("no room yet").hasValue(LIMIT + 1);
        others.forEach(ticket -> ticket.answered(200));
        assertThat(asked).hasValue(LIMIT + 2);
        waits.over();
        assertThat(intake.underWay()).isZero();
    }

    @Test
    void howSlowlyVisitorsSendDoesNotMoveTheLimit() {
        answerEach(200, 10);
        int usual = intake.limit();
        for (int round = 0; round < 20; round++) {
            List<Ticket> slow = sending(LIMIT);
            for (int i = 0; i < 50; i++) {
                pass(100);
                slow.forEach(Ticket::awaiting);
            }
            slow.forEach(Ticket::sent);
            pass(10);
            slow.forEach(ticket -> ticket.answered(200));
        }
        assertThat(intake.limit()).isEqualTo(usual);
        assertThat(intake.crowded()).isFalse();
        assertThat(intake.underWay()).isZero();
    }

    @Test
    void anOriginThatTakesNoMoreOfTheBodyIsNotAtAStandstill() {
        answerEach(200, 10);
        int usual = intake.limit();
        List<Ticket> slow = sending(LIMIT);
        pass(60_000);
        assertThat(intake.limit()).isEqualTo(usual);
        slow.forEach(Ticket::sent);
        pass(60_000);
        assertThat(intake.limit()).as("now it does not answer").isLessThan(usual);
    }

    @Test
    void anAnswerBeforeTheRequestIsCompleteIsNotMeasured() {
        answerEach(200, 10);
        int usual = intake.limit();
        for (int round = 0; round < 50; round++) {
            List<Ticket> refused = sending(LIMIT);
            pass(5_000);
            refused.subList(0, LIMIT / 2).forEach(Ticket::awaiting);
            refused.forEach(ticket -> ticket.answered(413));
            assertThat(intake.underWay()).isZero();
        }
        assertThat(intake.limit()).isEqualTo(usual);
    }

    @Test
    void aChangedConfigurationGoesOnWithThoseWhoAreThereAndWithTheLimit() {
        answerEach(200, 10);
        List<Ticket> slow = sending(LIMIT);
        slow.forEach(Ticket::sent);
        pass(60_000);
        int found = intake.limit();
        assertThat(found).isLessThan(LIMIT);
        assertThat(intake.crowded()).isTrue();
        Ticket waits = ticket();

        Intake next = new Intake("main", SMALLER, () -> now, intake);
        IntakeLine after = line(next);
        assertThat(next.limit()).isEqualTo(found);
        assertThat(next.crowded()).isTrue();
        assertThat(next.underWay()).isEqualTo(LIMIT);
        line.retire();
        slow.subList(0, LIMIT - found + 2).forEach(ticket -> ticket.answered(200));
        pass(0);
        assertThat(asked).as("who waited already goes first").hasValue(200 + LIMIT + 1);
        ticket(after);
        assertThat(asked).as("and nobody else, as the origin has no room").hasValue(200 + LIMIT + 1);
        assertThat(next.waiting(Rank.UNVERIFIED)).isEqualTo(1);
        waits.answered(200);
        assertThat(next.underWay()).isLessThan(found);
    }

    @Test
    void aConfigurationThatNobodyServesByChangesNothing() {
        Intake refused = new Intake("main", SMALLER, () -> now, intake);
        Intake next = new Intake("main", SMALLER, () -> now, intake);
        line(next);
        line(intake);
        assertThat(refused.limit()).isEqualTo(next.limit()).isEqualTo(SMALLER.max());
    }

    @Test
    void whoLeavesWhileHeSendsLeavesNoTrace() {
        List<Ticket> leaving = sending(LIMIT);
        pass(100);
        leaving.subList(0, LIMIT / 2).forEach(Ticket::awaiting);
        leaving.forEach(Ticket::over);
        leaving.forEach(Ticket::sent);
        leaving.forEach(Ticket::over);
        assertThat(intake.underWay()).isZero();
        assertThat(sending(LIMIT)).hasSize(LIMIT);
        assertThat(asked).hasValue(2 * LIMIT);
    }
}
