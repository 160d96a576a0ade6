package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.exchange.ExchangeRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ListenersTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(Listeners.class);
    private final ListAppender<ILoggingEvent> messages = new ListAppender<>();

    @BeforeEach
    void capture() {
        messages.start();
        logger.setAdditive(false);
        logger.addAppender(messages);
    }

    @AfterEach
    void restore() {
        logger.detachAppender(messages);
        logger.setAdditive(true);
    }

    @Test
    void everyListenerIsToldInOrder() {
        List<String> told = new ArrayList<>();
        new Listeners(List.of(exchange -> told.add("first"), exchange -> told.add("second")))
                .finished(Exchanges.of().record());
        assertThat(told).containsExactly("first", "second");
    }

    @Test
    void aThrowingListenerIsCountedLoggedOnceAndHidesNothingFromTheNext() {
        List<ExchangeRecord> told = new ArrayList<>();
        ExchangeListener broken = exchange -> {
            throw new IllegalStateException("broken");
        };
        ExchangeListener worse = exchange -> {
            throw new StackOverflowError();
        };
        Listeners listeners = new Listeners(List.of(broken, worse, told::add));
        listeners.finished(Exchanges.of().record());
        listeners.finished(Exchanges.of().record());
        assertThat(told).hasSize(2);
        assertThat(listeners.failures()).isEqualTo(4);
        assertThat(messages.list).hasSize(2);
        assertThat(messages.list.get(0).getThrowableProxy().getMessage()).isEqualTo("broken");
    }
}
