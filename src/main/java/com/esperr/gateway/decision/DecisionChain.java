package com.esperr.gateway.decision;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Tier;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources in the order in which they are asked, until one has an opinion. Immutable. A failed question becomes a
 * decision by the {@link FailureTable}, not a question to the next source; a request that nobody has an opinion on is
 * allowed, and one of an exempt route is not asked about.
 */
public final class DecisionChain {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionChain.class);
    private static final Decision EXEMPT = new Decision.Allow(Cause.EXEMPT);
    private static final Decision DEFAULT = new Decision.Allow(Cause.DEFAULT);
    private static final String BOT = "bot";
    private static final Decision PASS = new Decision.Allow(Cause.PASS);

    private final List<DecisionSource> sources;
    private final List<DecisionSource> here;
    private final FailureTable failures;

    /** A chain that asks {@code sources} in this order. */
    public DecisionChain(List<DecisionSource> sources, FailureTable failures) {
        this.sources = List.copyOf(sources);
        this.here = sources.stream().filter(source -> !source.calls()).toList();
        this.failures = failures;
    }

    /**
     * Asks for a decision on {@code request}.
     *
     * @param deadline by when {@code sink} is called at the latest
     * @param sink told exactly once unless the question is withdrawn, on the calling event loop, mostly before this returns
     * @return the question, or null if it has been answered already
     */
    public @Nullable Question ask(RequestContext request, Deadline deadline, Consumer<Decision> sink) {
        if (request.tier() == Tier.EXEMPT) {
            sink.accept(EXEMPT);
            return null;
        }
        // Before anybody asks, so that a bot which takes longer to verify is known when it comes again.
        request.bot();
        return begin(new Question(request, deadline, sources, DEFAULT, sink));
    }

    /**
     * Asks for a decision on {@code request} of somebody who has passed a challenge: only sources that cost no call are
     * asked, and none of them challenges him again. A block stays one.
     *
     * @see #ask
     */
    public @Nullable Question askPassed(RequestContext request, Deadline deadline, Consumer<Decision> sink) {
        return begin(new Question(
                request,
                deadline,
                here,
                here.size() < sources.size() ? PASS : DEFAULT,
                made -> sink.accept(met(made))));
    }

    private static Decision met(Decision made) {
        return made instanceof Decision.Challenge ? instead(Cause.PASS.source(), made.cause()) : made;
    }

    /** A bot cannot solve a challenge, and one that is known to be good need not; a block stays one. */
    private static Decision spared(Decision made, RequestContext request) {
        return made instanceof Decision.Challenge && request.bot().spared() ? instead(BOT, made.cause()) : made;
    }

    private static Decision instead(String source, Cause why) {
        return new Decision.Allow(new Cause(
                source, why.policy(), why.clause(), why.decisionId(), why.reason(), null, null, why.policies()));
    }

    private static @Nullable Question begin(Question question) {
        question.proceed();
        return question.done ? null : question;
    }

    /** What a question about {@code request} that failed becomes. */
    public Decision failed(FailureReason reason, String detail, RequestContext request) {
        return failures.decide(reason, detail, request);
    }

    /** Whether such a failure lets {@code request} go on. */
    public boolean opens(FailureReason reason, RequestContext request) {
        return failures.action(reason, request.tier()) == FailureAction.OPEN;
    }

    /** One question under way; confined to the event loop that asked. */
    public final class Question implements DecisionSource.Cancellation {
        private final RequestContext request;
        private final Deadline deadline;
        private final List<DecisionSource> asked;
        private final Consumer<Decision> sink;
        private int next;
        private boolean asking;
        private boolean done;
        private @Nullable Turn turn;
        private @Nullable Decision answer;
        private Decision silence;

        private Question(
                RequestContext request,
                Deadline deadline,
                List<DecisionSource> asked,
                Decision silence,
                Consumer<Decision> sink) {
            this.request = request;
            this.deadline = deadline;
            this.asked = asked;
            this.silence = silence;
            this.sink = sink;
        }

        @Override
        public void cancel() {
            done = true;
            Turn current = turn;
            turn = null;
            if (current != null && current.cancellation != null) {
                current.cancellation.cancel();
            }
        }

        /** Asks source after source as long as each answers at once; comes back when one answers later. */
        private void proceed() {
            if (asking) {
                // A source abstained inside its call: the loop below goes on, so that many do not become a deep stack.
                return;
            }
            asking = true;
            while (!done && turn == null && answer == null) {
                if (next == asked.size()) {
                    answer = silence;
                } else {
                    ask(asked.get(next++));
                }
            }
            asking = false;
            Decision given = answer;
            if (given != null && !done) {
                // Outside the source's call, so that whatever the sink does is not taken for the source's doing.
                done = true;
                sink.accept(spared(given, request));
            }
        }

        private void ask(DecisionSource source) {
            Turn mine = new Turn(this);
            turn = mine;
            try {
                mine.cancellation = source.decide(request, deadline, mine);
            } catch (RuntimeException e) {
                LOG.error("decision source {} threw", source.name(), e);
                mine.failed(FailureReason.DECISION_SERVER_ERROR, source.name() + " threw " + e);
            }
        }

        private boolean ends(Turn mine) {
            if (turn != mine) {
                return false;
            }
            turn = null;
            return true;
        }
    }

    /** One source's turn; a call that is not the first, or comes after the turn has ended, is ignored. */
    private final class Turn implements DecisionSink {
        private final Question question;
        private DecisionSource.@Nullable Cancellation cancellation;

        Turn(Question question) {
            this.question = question;
        }

        @Override
        public void decided(Decision decision) {
            if (question.ends(this)) {
                question.answer = decision;
                question.proceed();
            }
        }

        @Override
        public void abstained() {
            if (question.ends(this)) {
                question.proceed();
            }
        }

        @Override
        public void abstained(Decision.Allow silence) {
            if (question.ends(this)) {
                question.silence = silence;
                question.proceed();
            }
        }

        @Override
        public void failed(FailureReason reason, String detail) {
            if (question.ends(this)) {
                question.answer = failures.decide(reason, detail, question.request);
                question.proceed();
            }
        }
    }
}
