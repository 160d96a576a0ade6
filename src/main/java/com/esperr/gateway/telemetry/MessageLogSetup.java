package com.esperr.gateway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Where the gateway's own messages go: one line each on standard error, written by a thread of its own. When standard error takes
 * nothing, messages are lost rather than event loops held up. Logback finds it as a service; it is code because a
 * start would read a file of XML for longer than it reads the gateway's configuration. Used once, by the thread that logs first.
 */
public final class MessageLogSetup extends ContextAwareBase implements Configurator {
    private static final String[] OTHER_FILES = {"logback-test.xml", "logback.xml"};
    private static final int QUEUE = 1024;
    private static final int FLUSH_MILLIS = 1000;

    /** For Logback. */
    public MessageLogSetup() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (somebodyElses()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        install(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** A configuration in one of Logback's usual places was put there by somebody who wants another one. */
    private static boolean somebodyElses() {
        if (System.getProperty("logback.configurationFile") != null) {
            return true;
        }
        for (String file : OTHER_FILES) {
            if (MessageLogSetup.class.getClassLoader().getResource(file) != null) {
                return true;
            }
        }
        return false;
    }

    static void install(LoggerContext context) {
        MessageLine line = new MessageLine();
        line.setContext(context);
        line.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(line);
        encoder.start();
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(context);
        stderr.setName("stderr");
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder);
        stderr.start();
        MessageQueue async = new MessageQueue(QUEUE);
        async.setContext(context);
        async.setMaxFlushTime(FLUSH_MILLIS);
        async.addAppender(stderr);
        async.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(async);
        context.getLogger("com.esperr.gateway").setLevel(Level.INFO);
        // Warns of the transports it chooses from and of closing twice; what matters about Redis the gateway says
        // itself.
        context.getLogger("io.lettuce").setLevel(Level.ERROR);
    }
}
