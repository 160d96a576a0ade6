package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/** Asks another source and remembers what it answers. Thread-safe as that one is. */
final class LearningSource implements DecisionSource {
    private final DecisionSource asked;
    private final LearnedFeed feed;

    LearningSource(DecisionSource asked, LearnedFeed feed) {
        this.asked = asked;
        this.feed = feed;
    }

    @Override
    public String name() {
        return asked.name();
    }

    @Override
    public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
        return asked.decide(request, deadline, new Remembering(request, sink));
    }

    @Override
    public @Nullable String trouble() {
        return asked.trouble();
    }

    @Override
    public boolean calls() {
        return asked.calls();
    }

    private final class Remembering implements DecisionSink {
        private final RequestContext request;
        private final DecisionSink sink;

        Remembering(RequestContext request, DecisionSink sink) {
            this.request = request;
            this.sink = sink;
        }

        @Override
        public void decided(Decision decision) {
            feed.answered(request, decision);
            sink.decided(decision);
        }

        @Override
        public void decidedBefore(Decision decision) {
            // Learned when it was given; learned again, it would outlive its time and make the feed look alive.
            sink.decidedBefore(decision);
        }

        @Override
        public void abstained() {
            sink.abstained();
        }

        @Override
        public void failed(FailureReason reason, String detail) {
            sink.failed(reason, detail);
        }
    }
}
