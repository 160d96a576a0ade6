package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatFilterTest {
    private final LoggerContext context = new LoggerContext();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final RepeatFilter filter = new RepeatFilter(Duration.ofSeconds(10), now::get);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Logger log = context.getLogger("com.esperr.gateway.cloud.CloudSource");

    @BeforeEach
    void begin() {
        said.setContext(context);
        said.start();
        log.addAppender(said);
        filter.start();
        context.addTurboFilter(filter);
    }

    @AfterEach
    void end() {
        filter.close();
        context.stop();
    }

    private List<String> lines() {
        return said.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    private void after(int seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        filter.sweep();
    }

    @Test
    void theSameWarningIsSaidOnceInAnIntervalAndCountedAtItsEnd() {
        for (int i = 0; i < 1000; i++) {
            log.warn("{}: status {}", "api", 503);
        }
        after(9);
        assertThat(lines()).containsExactly("WARN api: status 503");
        after(1);
        assertThat(lines())
                .containsExactly("WARN api: status 503", "WARN 999 more like it within 10 s: api: status 503");
        log.warn("{}: status {}", "api", 503);
        assertThat(lines()).hasSize(3).last().isEqualTo("WARN api: status 503");
        after(10);
        assertThat(lines()).as("once is no repeat").hasSize(3);
    }

    @Test
    void anotherCauseIsSaidAtOnce() {
        log.warn("{}: status {}", "api", 503);
        log.warn("{}: status {}", "api", 502);
        log.warn("something else");
        log.warn("something else");
        assertThat(lines()).containsExactly("WARN api: status 503", "WARN api: status 502", "WARN something else");
    }

    @Test
    void faultsAreTheSameWhenTheyComeFromTheSamePlace() {
        for (int i = 0; i < 3; i++) {
            log.error("request {} failed unexpectedly", "REF" + i, new IllegalStateException("text " + i));
        }
        log.error("request {} failed unexpectedly", "REF9", new IllegalStateException("elsewhere"));
        after(10);
        assertThat(lines())
                .hasSize(3)
                .contains("ERROR request REF0 failed unexpectedly", "ERROR request REF9 failed unexpectedly")
                .last()
                .asString()
                .startsWith("ERROR 2 more like it within 10 s: request {} failed unexpectedly | "
                        + "java.lang.IllegalStateException at " + RepeatFilterTest.class.getName());
    }

    @Test
    void aMessageThatIsADifferentOneEachTimeIsSaidSoManyTimes() {
        for (int i = 0; i < 1000; i++) {
            log.warn("visitor {} did it", i);
        }
        after(10);
        assertThat(lines())
                .hasSize(RepeatFilter.VARIANTS + 1)
                .last()
                .isEqualTo("WARN 980 more like it within 10 s: visitor {} did it");
    }

    @Test
    void manyDifferentCausesTakeNoMoreMemoryThanIsMeant() {
        for (int i = 0; i < 5000; i++) {
            log.warn("format " + i);
        }
        assertThat(lines()).as("nothing is lost").hasSize(5000);
        assertThat(filter.causes()).isEqualTo(RepeatFilter.MOST_CAUSES);
        after(10);
        log.warn("again");
        log.warn("again");
        assertThat(lines()).hasSize(5001);
    }

    @Test
    void aFloodOfTextsOfOneMessageLeavesRoomForOtherMessages() {
        for (int i = 0; i < 5 * RepeatFilter.MOST_CAUSES; i++) {
            log.warn("visitor {} did it", i);
        }
        assertThat(filter.causes()).as("what was not said is not remembered").isEqualTo(RepeatFilter.VARIANTS + 1);
        for (int i = 0; i < 100; i++) {
            log.warn("{}: status {}", "api", 503);
        }
        assertThat(lines()).hasSize(RepeatFilter.VARIANTS + 1).last().isEqualTo("WARN api: status 503");
        assertThat(filter.unsaid()).isEqualTo(5 * RepeatFilter.MOST_CAUSES - RepeatFilter.VARIANTS + 99);
    }

    @Test
    void manyMessagesThatAreDifferentEachTimeAreStillLimitedEach() {
        for (int message = 0; message < 200; message++) {
            for (int i = 0; i < 50; i++) {
                log.warn("message " + message + " about {}", i);
            }
        }
        assertThat(lines()).hasSize(200 * RepeatFilter.VARIANTS);
        assertThat(filter.causes()).isLessThanOrEqualTo(RepeatFilter.MOST_CAUSES);
    }

    @Test
    void theTextsOfAMessageThatIsSaidTooOftenAreCountedWithIt() {
        for (int i = 0; i < RepeatFilter.VARIANTS; i++) {
            log.warn("visitor {} did it", i);
        }
        for (int i = 0; i < 5; i++) {
            log.warn("visitor {} did it", "Mallory");
        }
        after(10);
        assertThat(lines())
                .hasSize(RepeatFilter.VARIANTS + 1)
                .last()
                .isEqualTo("WARN 5 more like it within 10 s: visitor {} did it");
    }

    @Test
    void lowerLevelsAreNotLimited() {
        log.setLevel(Level.DEBUG);
        for (int i = 0; i < 50; i++) {
            log.info("pause: on");
            log.debug("detail");
        }
        assertThat(lines()).hasSize(100);
    }

    @Test
    void whatIsNotLoggedIsNotCounted() {
        log.setLevel(Level.ERROR);
        for (int i = 0; i < 5; i++) {
            log.warn("quiet");
        }
        assertThat(log.isWarnEnabled()).isFalse();
        log.setLevel(Level.WARN);
        assertThat(log.isWarnEnabled()).isTrue();
        after(10);
        assertThat(lines()).isEmpty();
    }

    @Test
    void atTheEndWhatWasNotSaidIsSaid() {
        for (int i = 0; i < 5; i++) {
            log.error("down");
        }
        filter.close();
        log.error("down");
        assertThat(lines()).containsExactly("ERROR down", "ERROR 4 more like it within 10 s: down", "ERROR down");
    }
}
