package com.esperr.gateway.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * Everything that is logged below one name while this is open, however quiet the log is otherwise, and however often something like it was
 * said before: a gateway that ran in this process leaves its filter of repetitions. Thread-safe.
 */
public final class Logged implements AutoCloseable {
    private final Logger logger;
    private final Level before;
    private final boolean additive;
    private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
    private final List<TurboFilter> filters;
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    };

    private Logged(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        before = logger.getLevel();
        additive = logger.isAdditive();
        logger.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(logger::detachAppender);
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
        filters = List.copyOf(logger.getLoggerContext().getTurboFilterList());
        logger.getLoggerContext().getTurboFilterList().removeAll(filters);
    }

    /** Listens to the logger {@code name} and those below it. */
    public static Logged below(String name) {
        return new Logged(name);
    }

    /** The messages so far, with their levels. */
    public List<String> lines() {
        return events.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    @Override
    public void close() {
        logger.getLoggerContext().getTurboFilterList().addAll(filters);
        logger.detachAppender(appender);
        others.forEach(logger::addAppender);
        logger.setLevel(before);
        logger.setAdditive(additive);
    }
}
