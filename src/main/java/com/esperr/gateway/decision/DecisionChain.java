package com.esperr.gateway.decision;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Tier;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the sources in their order until one decides; a failure goes through the failure table, and when nobody has an
 * opinion the request is allowed. Immutable; each question is confined to the event loop that asks it.
 */
public final class DecisionChain {
    private static final Decision EXEMPT = new Decision.Allow(Cause.EXEMPT);
    private static final Decision DEFAULT = new Decision.Allow(Cause.DEFAULT);

    private final DecisionSource[] sources;
    private final FailureTable failures;

    /** A chain over {@code sources}, in the order given. */
    public DecisionChain(List<DecisionSource> sources, FailureTable failures) {
        this.sources = sources.toArray(DecisionSource[]::new);
        this.failures = failures;
    }

    /**
     * Asks for the decision on {@code request}.
     *
     * @param receiver told exactly once unless the question is cancelled, on this event loop, mostly before this returns
     * @return the question, or null if it has been answered already
     */
    public @Nullable Question ask(RequestContext request, Deadline deadline, Consumer<Decision> receiver) {
        if (request.tier() == Tier.EXEMPT) {
            receiver.accept(EXEMPT);
            return null;
        }
        Question question = new Question(request, deadline, receiver);
        question.next();
        return question.answered ? null : question;
    }

    /** A question that is under way; confined to the event loop that asked it. */
    public final class Question implements DecisionSink {
        private final RequestContext request;
        private final Deadline deadline;
        private final Consumer<Decision> receiver;
        private int at;
        private boolean asking;
        private boolean answered;
        private DecisionSource.@Nullable Cancellation pending;

        private Question(RequestContext request, Deadline deadline, Consumer<Decision> receiver) {
            this.request = request;
            this.deadline = deadline;
            this.receiver = receiver;
        }

        /** Withdraws the question; the receiver is not told. */
        public void cancel() {
            answered = true;
            DecisionSource.Cancellation current = pending;
            pending = null;
            if (current != null) {
                current.cancel();
            }
        }

        /** Asks source after source in a loop, so that answers given during the call do not nest. */
        private void next() {
            while (!answered && !asking) {
                if (at == sources.length) {
                    answer(DEFAULT);
                    return;
                }
                asking = true;
                DecisionSource.Cancellation cancellation = sources[at++].decide(request, deadline, this);
                // Still asking means that the answer comes later; else this call was the answer, or moved on.
                if (asking) {
                    pending = cancellation;
                    return;
                }
            }
        }

        @Override
        public void decided(Decision decision) {
            answer(decision);
        }

        @Override
        public void abstained() {
            boolean later = pending != null;
            pending = null;
            asking = false;
            if (later) {
                next();
            }
        }

        @Override
        public void failed(FailureReason reason, String detail) {
            answer(failures.decide(reason, request));
        }

        private void answer(Decision decision) {
            if (!answered) {
                answered = true;
                asking = false;
                pending = null;
                receiver.accept(decision);
            }
        }
    }
}
