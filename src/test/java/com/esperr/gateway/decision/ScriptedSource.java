package com.esperr.gateway.decision;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A source that does as it is told and remembers how it was asked. */
final class ScriptedSource implements DecisionSource {
    private final @Nullable Consumer<DecisionSink> script;

    @Nullable
    DecisionSink sink;

    @Nullable
    Deadline deadline;

    int cancelled;

    private boolean calls;

    private ScriptedSource(@Nullable Consumer<DecisionSink> script) {
        this.script = script;
    }

    static ScriptedSource deciding(Decision decision) {
        return new ScriptedSource(sink -> sink.decided(decision));
    }

    static ScriptedSource abstaining() {
        return new ScriptedSource(DecisionSink::abstained);
    }

    static ScriptedSource failing(FailureReason reason) {
        return new ScriptedSource(sink -> sink.failed(reason, "scripted"));
    }

    static ScriptedSource throwing() {
        return new ScriptedSource(sink -> {
            throw new IllegalStateException("defect");
        });
    }

    /** Answers when the test does it through {@link #sink}. */
    static ScriptedSource silent() {
        return new ScriptedSource(null);
    }

    /** As one that costs a call. */
    ScriptedSource calling() {
        calls = true;
        return this;
    }

    @Override
    public boolean calls() {
        return calls;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public @Nullable Cancellation decide(RequestContext request, Deadline by, DecisionSink told) {
        sink = told;
        deadline = by;
        if (script == null) {
            return () -> cancelled++;
        }
        script.accept(told);
        return null;
    }

    @Override
    public @Nullable String trouble() {
        return null;
    }
}
