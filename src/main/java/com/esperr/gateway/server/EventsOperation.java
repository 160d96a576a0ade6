package com.esperr.gateway.server;

import com.esperr.gateway.telemetry.ServiceMetrics;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Several events in one request, taken in their order and answered each by itself. Thread-safe. */
final class EventsOperation implements Operation {
    private static final byte[] BEGIN = "{\"results\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

    private final Decisions decisions;
    private final RateLimits limits;
    private final ServiceMetrics metrics;
    private final int most;

    EventsOperation(Decisions decisions, RateLimits limits, ServiceMetrics metrics, int most) {
        this.decisions = decisions;
        this.limits = limits;
        this.metrics = metrics;
        this.most = most;
    }

    @Override
    public String path() {
        return "/api/v1/beacon/events";
    }

    @Override
    public Set<String> methods() {
        return Set.of("POST");
    }

    @Override
    public boolean keyed() {
        return true;
    }

    @Override
    public void answer(ApiCall call) {
        List<QuestionReader.Told> told;
        try {
            told = QuestionReader.events(call.request().body(), most);
        } catch (QuestionReader.TooMany tooMany) {
            call.reply(ApiReply.error(tooMany.error()));
            return;
        }
        // The request itself has been paid for.
        long wait = limits.take(call.caller().key().id(), told.size() - 1);
        if (wait > 0) {
            metrics.rateLimited();
            call.reply(Keeper.tooMany(wait));
            return;
        }
        metrics.received(ServiceMetrics.Kind.EVENT, told.size());
        new Walk(call, told).go();
    }

    /** The way through one list; told on one thread at a time, one event after the other. */
    private final class Walk {
        private final ApiCall call;
        private final List<QuestionReader.Told> told;
        private final ByteArrayOutputStream results = new ByteArrayOutputStream();
        private int next;
        private boolean going;
        private boolean answered;

        Walk(ApiCall call, List<QuestionReader.Told> told) {
            this.call = call;
            this.told = told;
            results.writeBytes(BEGIN);
        }

        /** Goes on until an event has to wait for its answer; a loop, because most answers come at once. */
        void go() {
            going = true;
            do {
                if (next == told.size()) {
                    results.writeBytes(END);
                    call.reply(ApiReply.json(200, results.toByteArray()));
                    return;
                }
                answered = false;
                QuestionReader.Told current = told.get(next);
                if (current.event() != null) {
                    decisions.take(call.caller(), current.event(), call.loop(), this::answered);
                } else if (current.refusal() != null) {
                    answered(Answer.refused(current.refusal()));
                }
            } while (answered);
            going = false;
        }

        private void answered(Answer answer) {
            if (next > 0) {
                results.write(',');
            }
            results.writeBytes(answer.json());
            next++;
            answered = true;
            if (!going) {
                go();
            }
        }
    }
}
