package com.esperr.gateway.server;

import com.esperr.gateway.telemetry.ServiceMetrics;
import java.util.Set;
import java.util.function.LongSupplier;

/** One decision about the request that a client is holding. Thread-safe. */
final class MitigationOperation implements Operation {
    private final Decisions decisions;
    private final ServiceMetrics metrics;
    private final LongSupplier millis;

    MitigationOperation(Decisions decisions, ServiceMetrics metrics, LongSupplier millis) {
        this.decisions = decisions;
        this.metrics = metrics;
        this.millis = millis;
    }

    @Override
    public String path() {
        return "/api/v1/runtime/mitigation";
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
        Question question = call.caller().flat()
                ? QuestionReader.flat(call.request().body(), millis.getAsLong())
                : QuestionReader.question(call.request().body());
        metrics.received(ServiceMetrics.Kind.QUESTION, 1);
        decisions.decide(call.caller(), question, call.loop(), answer -> call.reply(answer.reply()));
    }
}
