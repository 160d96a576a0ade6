package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class MessageLogTest {
    private final LoggerContext shipped = new LoggerContext();
    private final LoggerContext running = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = running.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger own = running.getLogger("com.esperr.gateway");
    private final Level rootBefore = root.getLevel();
    private final Level ownBefore = own.getLevel();

    @BeforeEach
    void configure() {
        MessageLogSetup.install(shipped);
    }

    @Test
    void aConfigurationOfSomebodyElseIsPreferred() {
        LoggerContext untouched = new LoggerContext();
        assertThat(new MessageLogSetup().configure(untouched)).isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        assertThat(untouched
                        .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                        .iteratorForAppenders()
                        .hasNext())
                .isFalse();
    }

    @AfterEach
    void restore() {
        shipped.stop();
        root.setLevel(rootBefore);
        own.setLevel(ownBefore);
    }

    @Test
    void aMessageIsOneLineOnStandardErrorWhateverItHolds() {
        String line = encoded("GET \u001b[31m\r\n2026 ERROR forged\u0085\u009b\u2028", null);
        assertThat(line).endsWith("INFO  [main] Exchange: GET  | [31m | 2026 ERROR forged\n");
    }

    @Test
    void anExceptionStaysOnTheLineOfItsMessage() {
        String line = encoded("failed", new IllegalStateException("two\nlines"));
        assertThat(line).contains("failed | java.lang.IllegalStateException: two | lines | at ");
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    }

    @Test
    void writingNeverBlocksTheOneWhoHasSomethingToSay() {
        AsyncAppender async = async();
        assertThat(async.isNeverBlock()).isTrue();
        assertThat(async.getDiscardingThreshold()).isZero();
        assertThat(console().getTarget()).isEqualTo("System.err");
    }

    @ParameterizedTest
    @CsvSource({"ERROR, ERROR, ERROR", "WARN, WARN, WARN", "INFO, INFO, WARN", "DEBUG, DEBUG, INFO"})
    void theLevelIsThatOfTheGatewayAndLibrariesSayLess(LogLevel level, String gateway, String libraries) {
        new LogLevels(running, () -> 0).usual(level);
        assertThat(own.getLevel()).isEqualTo(Level.toLevel(gateway));
        assertThat(root.getLevel()).isEqualTo(Level.toLevel(libraries));
    }

    private String encoded(String message, Throwable failure) {
        Logger logger = shipped.getLogger("com.esperr.gateway.proxy.Exchange");
        LoggingEvent event =
                new LoggingEvent(MessageLogTest.class.getName(), logger, Level.INFO, message, failure, null);
        event.setThreadName("main");
        return new String(console().getEncoder().encode(event), StandardCharsets.UTF_8);
    }

    private AsyncAppender async() {
        return (AsyncAppender)
                shipped.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("async");
    }

    private ConsoleAppender<ILoggingEvent> console() {
        return (ConsoleAppender<ILoggingEvent>) async().getAppender("stderr");
    }
}
