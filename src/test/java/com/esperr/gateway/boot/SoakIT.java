package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Half a minute, or as many seconds as the system property {@code soak.seconds} says, in which everybody misbehaves at once: the origin
 * restarts, resets and stalls, the service stalls and breaks, visitors leave in the middle. Afterwards nothing is held, nothing has
 * grown, nothing was logged as an error, and nobody got a byte that was not theirs.
 */
class SoakIT {

    private static final long SECONDS = Long.getLong("soak.seconds", 30);
    private static final int CLIENTS = 8;
    private static final List<Fault> FAULTS = List.of(
            Fault.SILENT,
            Fault.STALL_AT,
            Fault.RESET_AT,
            Fault.HALF_BODY,
            Fault.CLOSE_BEFORE_REPLY,
            Fault.STATUS_503,
            Fault.EXTRA_RESPONSE,
            Fault.GARBAGE);

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final SoakClient.Tally tally = new SoakClient.Tally(wrong);
    private final TestOrigin origin = TestOrigin.start(new SoakOrigin(wrong));
    private final TestEsper esper = TestEsper.start();
    private final SoakDisturbance disturbance = new SoakDisturbance(origin, esper, FAULTS, tally);

    @Test
    void nothingIsLeftAfterALongDisturbance() throws Exception {
        esper.answer(
                json -> json.at("/request/path").asText().endsWith("7/") ? EsperReply.block("7") : EsperReply.allow());
        try (Errors errors = new Errors();
                TestGateway gateway = gateway()) {
            disturbance.run(gateway.port(), CLIENTS, SoakPace.unlimited(), SECONDS * 500);
            double first = awaitQuiet(gateway).sum("esper_direct_memory_bytes");
            disturbance.run(gateway.port(), CLIENTS, SoakPace.unlimited(), SECONDS * 500);
            MetricsSnapshot last = awaitQuiet(gateway);
            assertThat(last.sum("esper_direct_memory_bytes")).isLessThanOrEqualTo(1.5 * first + (4 << 20));
            assertThat(last.sum("esper_failures_total", "reason=internal")).isZero();
            assertThat(last.sum("esper_listener_failures_total")).isZero();
            checkThatItMatters(last);
            assertThat(errors.seen).isEmpty();
            checkThatItStillWorks(gateway);
        } finally {
            esper.close();
            origin.close();
        }
        assertThat(wrong).isEmpty();
        assertThat(esper.violations()).isEmpty();
        assertThat(origin.violations()).isEmpty();
    }

    private TestGateway gateway() {
        return TestGateway.start(Map.ofEntries(
                Map.entry("mode", "cloud"),
                Map.entry("origin.url", origin.url()),
                // Fewer than there are visitors, so that some wait for one.
                Map.entry("origin.max-connections", "2"),
                Map.entry("origin.max-wait", "300ms"),
                Map.entry("origin.response-timeout", "300ms"),
                Map.entry("origin.idle-timeout", "300ms"),
                Map.entry("esper.api-url", esper.url()),
                Map.entry("esper.api-key", TestEsper.API_KEY),
                Map.entry("esper.breaker.pause", "50ms"),
                Map.entry("decision.timeout", "50ms"),
                Map.entry("limits.half-close", "200ms"),
                Map.entry("runtime.event-loops", "2")));
    }

    private static MetricsSnapshot awaitQuiet(TestGateway gateway) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            MetricsSnapshot now = gateway.metrics();
            assertThat(now.sum("esper_requests_open")).as("requests open").isZero();
            assertThat(now.sum("esper_upstream_connections", "state=leased"))
                    .as("upstream leased")
                    .isZero();
            assertThat(now.sum("esper_upstream_connections", "state=connecting"))
                    .as("upstream connecting")
                    .isZero();
            assertThat(now.sum("esper_upstream_waiting")).as("upstream waiting").isZero();
            assertThat(now.sum("esper_decision_connections", "state=leased"))
                    .as("decision leased")
                    .isZero();
            assertThat(now.sum("esper_decision_waiting")).as("decision waiting").isZero();
            assertThat(now.sum("esper_client_connections"))
                    .as("client connections")
                    .isZero();
        });
        return gateway.metrics();
    }

    /** A disturbance that disturbed nobody would prove nothing. */
    private void checkThatItMatters(MetricsSnapshot last) {
        assertThat(tally.whole().get()).as("whole answers").isGreaterThan(20 * (int) SECONDS);
        assertThat(tally.own().get()).as("answers of the gateway's own").isPositive();
        assertThat(tally.cut().get()).as("cut answers").isPositive();
        assertThat(tally.left().get()).as("visitors who left").isPositive();
        assertThat(disturbance.restarts()).as("restarts").isPositive();
        assertThat(last.sum("esper_upstream_retries_total")).as("retries").isPositive();
        assertThat(last.sum("esper_fail_open_total", "reason=decision_timeout"))
                .as("decision timeouts")
                .isPositive();
    }

    private void checkThatItStillWorks(TestGateway gateway) {
        origin.otherwise(Behaviours.hello());
        for (int i = 0; i < 50; i++) {
            assertThat(RawClient.exchange(gateway.port(), "GET /after HTTP/1.1\r\nHost: gw.test\r\n\r\n")
                            .bodyText())
                    .isEqualTo("GET /after\n");
        }
    }

    /** What is logged as an error while this is open. */
    private static final class Errors extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        private final Queue<String> seen = new ConcurrentLinkedQueue<>();
        private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

        Errors() {
            start();
            root.addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                IThrowableProxy cause = event.getThrowableProxy();
                String trace = cause == null ? "" : "\n" + ThrowableProxyUtil.asString(cause);
                seen.add(event.getLoggerName() + ": " + event.getFormattedMessage() + trace);
            }
        }

        @Override
        public void close() {
            root.detachAppender(this);
        }
    }
}
