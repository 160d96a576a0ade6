package com.esperr.gateway.server;

import com.esperr.gateway.telemetry.ServiceMetrics;
import java.util.Set;

/** One event. Thread-safe. */
final class EventOperation implements Operation {
    private final Decisions decisions;
    private final ServiceMetrics metrics;

    EventOperation(Decisions decisions, ServiceMetrics metrics) {
        this.decisions = decisions;
        this.metrics = metrics;
    }

    @Override
    public String path() {
        return "/api/v1/beacon/event";
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
        Question event = QuestionReader.event(call.request().body());
        metrics.received(ServiceMetrics.Kind.EVENT, 1);
        decisions.take(call.caller(), event, call.loop(), answer -> call.reply(answer.reply()));
    }
}
