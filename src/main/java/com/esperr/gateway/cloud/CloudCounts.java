package com.esperr.gateway.cloud;

import com.esperr.gateway.esper.MitigationAction;
import com.esperr.gateway.failure.FailureReason;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How questions ended, since the start. Thread-safe. */
final class CloudCounts {
    private final LongAdder[] answers = adders(MitigationAction.values().length);
    private final LongAdder[] failures = adders(FailureReason.values().length);
    private final LongAdder retries = new LongAdder();

    void answered(MitigationAction action) {
        answers[action.ordinal()].increment();
    }

    void failed(FailureReason reason) {
        failures[reason.ordinal()].increment();
    }

    void retried() {
        retries.increment();
    }

    long answers(MitigationAction action) {
        return answers[action.ordinal()].sum();
    }

    long failures(FailureReason reason) {
        return failures[reason.ordinal()].sum();
    }

    long retries() {
        return retries.sum();
    }

    private static LongAdder[] adders(int count) {
        return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
    }
}
