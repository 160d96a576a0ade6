package com.esperr.gateway.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Where messages wait to be written, in bounded number; one that there is no room for is counted and lost. Thread-safe. */
final class MessageQueue extends AsyncAppender {
    private static final String NAME = "async";

    private final LongAdder dropped = new LongAdder();

    /** Of {@code size} messages. */
    MessageQueue(int size) {
        setName(NAME);
        setQueueSize(size);
        setDiscardingThreshold(0);
        setNeverBlock(true);
    }

    /** That of {@code context}, none if somebody else says where messages go. */
    static List<Fill> fills(LoggerContext context) {
        return context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(NAME) instanceof MessageQueue queue
                ? List.of(queue.fill())
                : List.of();
    }

    private Fill fill() {
        return Fill.of(Bounded.LOG_MESSAGES, this::getNumberOfElementsInQueue, getQueueSize(), dropped::sum);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (getRemainingCapacity() == 0) {
            dropped.increment();
        } else {
            super.append(event);
        }
    }
}
