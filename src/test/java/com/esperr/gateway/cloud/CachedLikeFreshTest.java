package com.esperr.gateway.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.esper.MitigationQuestionWriter;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A million random requests, few enough of each kind to meet again: what was kept must be what would be answered now. */
class CachedLikeFreshTest {
    private static final int REQUESTS = 1_000_000;
    private static final String HOCON = """
            api-key = k, cookies = [ "sid" ], fields { plan = "cookie[plan]" }
            cache { enabled = true, max-age = 10s, stale-while-revalidate = 5s, stale-if-error = 5s, max-entries = 5000 }
            """;

    private final Random random = new Random(4711);
    private final TestClock clock = TestClock.still();
    private final MitigationQuestionWriter writer =
            new MitigationQuestionWriter(Configured.of(HOCON).esper());
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private boolean failing;
    private int asked;

    @AfterEach
    void stop() {
        loop.shutdownNow();
    }

    @Test
    void whatWasKeptIsWhatWouldBeAnsweredNow() {
        SharedQuestions questions = new SharedQuestions(
                writer, this::answer, Configured.of(HOCON).cloud().cache(), () -> loop, clock);
        int failed = 0;
        for (int i = 0; i < REQUESTS; i++) {
            RequestContext request = request();
            failing = random.nextInt(8) == 0;
            if (random.nextInt(100) == 0) {
                clock.advance(Duration.ofMillis(random.nextInt(3000)));
            }
            Told told = new Told();
            questions.ask(request, new Deadline(clock.getAsLong()), told);
            if (told.decision == null) {
                failed++;
            } else if (!fresh(request).equals(told.decision.cause().reason())) {
                // Compared without AssertJ, which would take longer than the rest.
                assertThat(told.decision.cause().reason()).isEqualTo(fresh(request));
            }
        }
        assertThat(asked + questions.hits(false)).isGreaterThan(REQUESTS / 2);
        assertThat(questions.hits(false)).isGreaterThan(10_000);
        assertThat(questions.hits(true)).isGreaterThan(1_000);
        assertThat(failed).isGreaterThan(1_000);
    }

    private DecisionSource.@Nullable Cancellation answer(RequestContext request, Deadline deadline, DecisionSink sink) {
        asked++;
        String question = fresh(request);
        if (failing) {
            sink.failed(FailureReason.DECISION_TIMEOUT, "");
        } else {
            sink.decided(new Decision.Block(new Cause("cloud", null, null, null, question, null, null)));
        }
        return null;
    }

    /** Everything that is sent, as it is sent, but for the two values that differ between any two requests. */
    private String fresh(RequestContext request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try {
            writer.write(request, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String json = out.toString(StandardCharsets.UTF_8);
        int from = json.indexOf("\"observed_at\"");
        int key = json.indexOf("\"idempotency_key\":\"");
        return json.substring(0, from) + json.substring(key + "\"idempotency_key\":\"".length() + 38);
    }

    private RequestContext request() {
        String query = one("", "", "?a=1", "?a=2", "?a=1&b", "?b&a=1");
        Requests request = Requests.hostless(one("GET", "GET", "POST"), one("/", "/a", "/a/", "/b", "/%61") + query)
                .with("Host", one("shop.test", "shop.test", "other.test"))
                .from(one("198.51.100.1", "198.51.100.2", "2001:db8::1"))
                .scheme(one("https", "https", "http"));
        optional(request, "User-Agent", "x", "y", "");
        optional(request, "Accept", "text/html", "*/*");
        optional(request, "Cookie", "sid=1", "sid=2", "plan=1; sid=1", "sid=1; plan=2", "other=1");
        optional(request, "X-Unsent", "1", "2");
        return request.context();
    }

    private void optional(Requests request, String name, String... values) {
        if (random.nextBoolean()) {
            request.with(name, one(values));
        }
    }

    private String one(String... values) {
        return values[random.nextInt(values.length)];
    }

    private static final class Told implements DecisionSink {
        private @Nullable Decision decision;

        @Override
        public void decided(Decision made) {
            decision = made;
        }

        @Override
        public void abstained() {}

        @Override
        public void failed(FailureReason reason, String detail) {}
    }
}
