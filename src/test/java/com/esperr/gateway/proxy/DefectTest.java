package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A defect that shows outside the client's own pipeline ends the request as one inside it does. */
class DefectTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: gw.test\r\n\r\n";

    private final Later later = new Later();
    private @Nullable LoneConnection at;

    @AfterEach
    void stop() {
        if (at != null) {
            at.close();
        }
    }

    private void checkAnswered(LoneConnection connection) {
        assertThat(connection.sent()).startsWith("HTTP/1.1 500 ");
        assertThat(connection.records).hasSize(1);
        assertThat(connection.records.get(0).failure()).isEqualTo(FailureReason.INTERNAL);
        assertThat(connection.connections.requestsOpen()).isZero();
    }

    @Test
    void aDecisionThatComesLaterAndCannotBeCarriedOutIs500() {
        at = LoneConnection.with(later).receives(GET);
        later.sink.decided(new Decision.Allow(Cause.DEFAULT));
        checkAnswered(at);
    }

    @Test
    void aTimeLimitThatCannotBeLookedAtIs500() {
        at = LoneConnection.looking(new Broken(), later)
                .receives("POST / HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 9\r\n\r\nhalf");
        at.passes(Duration.ofSeconds(2));
        checkAnswered(at);
    }

    @Test
    void aDefectInsideThePipelineIsLoggedOnce() {
        Logger logger = (Logger) LoggerFactory.getLogger(DefectTest.class.getPackageName());
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            at = LoneConnection.looking(new Broken(), later)
                    .receives("POST / HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 150\r\n\r\n" + "a".repeat(150));
        } finally {
            logger.detachAppender(log);
        }
        checkAnswered(at);
        assertThat(log.list)
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .hasSize(1);
    }

    @Test
    void aRequestThatIsOverIsNotEndedAgain() {
        at = LoneConnection.with(later).receives(GET);
        later.sink.decided(new Decision.Block(Cause.DEFAULT));
        later.sink.decided(new Decision.Allow(Cause.DEFAULT));
        assertThat(at.sent()).startsWith("HTTP/1.1 403 ").doesNotContain("HTTP/1.1 500 ");
        assertThat(at.records).hasSize(1);
    }

    /** Decides when the test wants. */
    private static final class Later implements DecisionSource {
        private DecisionSink sink;

        @Override
        public String name() {
            return "later";
        }

        @Override
        public Cancellation decide(RequestContext request, Deadline deadline, DecisionSink told) {
            sink = told;
            return () -> {};
        }

        @Override
        public @Nullable String trouble() {
            return null;
        }
    }

    /** Wants a second's worth of body and stumbles over it. */
    private static final class Broken implements BodyReader {
        @Override
        public Interest interest(RequestContext request) {
            return Interest.READ;
        }

        @Override
        public long total() {
            return 100;
        }

        @Override
        public int limit() {
            return 100;
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(1);
        }

        @Override
        public BodyFields read(RequestContext request, byte[] beginning, boolean partial) {
            throw new IllegalStateException("a defect");
        }
    }
}
