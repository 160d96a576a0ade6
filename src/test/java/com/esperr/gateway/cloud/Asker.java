package com.esperr.gateway.cloud;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.esper.RedirectRules;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.TransportConfig;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A cloud source on one event loop, asked from a test's thread. Thread-safe. */
final class Asker implements AutoCloseable {
    /** Long enough that only a source that does not answer at all uses it up. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    final TestClock clock = TestClock.running();
    final CloudSource source;

    private final EventLoops loops;
    final EventLoop loop;

    // The time to connect is not what these tests are about, and this machine may be busy.
    private static final String BASE = "connect-timeout = 5s, api-key = " + TestEsper.API_KEY + "\n";

    /** A source for {@code esper} with what {@code hocon} says about the section on top of the reference. */
    Asker(TestEsper esper, String hocon) {
        this(esper, hocon, 1);
    }

    /** The same on several event loops; questions come from each in turn. */
    Asker(TestEsper esper, String hocon, int size) {
        loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.AUTO, size));
        loop = loops.group().next();
        Configured config = Configured.of("api-url = \"" + esper.url() + "\"\n" + BASE + hocon);
        RedirectRules redirects = RedirectRules.of(config.esper().apiUrl().host(), List.of());
        source = CloudSource.create(config.esper(), config.cloud(), redirects, loops, clock, System::currentTimeMillis);
    }

    /** How one question ended. */
    record Outcome(@Nullable Decision decision, @Nullable FailureReason failure, String detail) {}

    Outcome ask() {
        return ask(PATIENCE);
    }

    Outcome ask(Duration budget) {
        return await(begin(budget).outcome);
    }

    Question begin(Duration budget) {
        return begin(Requests.get("/basket?step=2").context(), budget);
    }

    Question begin(RequestContext request, Duration budget) {
        EventLoop asking = loops.size() == 1 ? loop : loops.group().next();
        Question question = new Question(asking);
        asking.execute(() -> question.cancellation =
                source.decide(request, new Deadline(clock.getAsLong() + budget.toNanos()), question));
        return question;
    }

    /** So many different questions in one turn of the loop, so that none is answered before all are asked. */
    List<Question> beginAtOnce(int count, Duration budget) {
        List<Question> questions = new ArrayList<>();
        onLoop(() -> {
            for (int i = 0; i < count; i++) {
                RequestContext request = Requests.get("/basket?item=" + i).context();
                Question question = new Question(loop);
                questions.add(question);
                question.cancellation =
                        source.decide(request, new Deadline(clock.getAsLong() + budget.toNanos()), question);
            }
        });
        return questions;
    }

    /** Withdraws a question that was asked and not answered. */
    void cancel(Question question) {
        await(CompletableFuture.runAsync(() -> question.cancellation.cancel(), question.loop));
    }

    void onLoop(Runnable task) {
        await(CompletableFuture.runAsync(task, loop));
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new AssertionError("no outcome", e);
        }
    }

    @Override
    public void close() {
        source.close();
        loops.close();
    }

    /** A question under way; a second outcome is a defect. */
    static final class Question implements DecisionSink {
        final EventLoop loop;
        final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        volatile DecisionSource.@Nullable Cancellation cancellation;

        Question(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public void decided(Decision decision) {
            complete(new Outcome(decision, null, ""));
        }

        @Override
        public void abstained() {
            complete(new Outcome(null, null, "abstained"));
        }

        @Override
        public void failed(FailureReason reason, String detail) {
            complete(new Outcome(null, reason, detail));
        }

        private void complete(Outcome result) {
            if (!loop.inEventLoop()) {
                throw new IllegalStateException("told on another loop");
            }
            if (!outcome.complete(result)) {
                throw new IllegalStateException("second outcome: " + result);
            }
        }
    }
}
