package com.esperr.gateway.telemetry;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.failure.FailureReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The meters of one decision source. Thread-safe. The counters by action and cause are made on first use, because most of
 * their combinations never come.
 */
final class SourceMeters {
    private static final String DEFAULT = Cause.DEFAULT.source();
    private static final String EXEMPT = Cause.EXEMPT.source();
    private static final String PASS = Cause.PASS.source();
    private static final String BOT = "bot";
    private static final String ROUTE = Cause.ROUTE;
    private static final String OURS = Cause.OURS.source();
    private static final String FAILURE = "failure";

    /* Causes that are no failures come first, then the failures by ordinal. */
    private static final List<String> PLAIN_CAUSES = List.of("policy", DEFAULT, EXEMPT, PASS, "answer", ROUTE);
    private static final int POLICY_CAUSE = 0;
    private static final int DEFAULT_CAUSE = 1;
    private static final int EXEMPT_CAUSE = 2;
    private static final int PASS_CAUSE = 3;
    private static final int ANSWER_CAUSE = 4;
    private static final int ROUTE_CAUSE = 5;
    private static final FailureReason[] REASONS = FailureReason.values();
    private static final int CAUSES = PLAIN_CAUSES.size() + REASONS.length;

    private final Metrics metrics;
    private final String source;
    private final Timer seconds;
    private final AtomicReferenceArray<Counter> decisions = new AtomicReferenceArray<>(Action.values().length * CAUSES);

    SourceMeters(Metrics metrics, String source) {
        this.metrics = metrics;
        this.source = source;
        this.seconds = metrics.timer(MeterName.DECISION_SECONDS, Buckets.DECISION, source);
    }

    /** The names a cause can have as its source, given the names of the sources that can be asked. */
    static Set<String> allNames(Collection<String> sources) {
        Set<String> names = new LinkedHashSet<>(List.of(DEFAULT, EXEMPT, PASS, BOT, ROUTE, Cause.LOAD, OURS, FAILURE));
        names.addAll(sources);
        return names;
    }

    /** How long decisions took. */
    Timer seconds() {
        return seconds;
    }

    /** The counter of decisions for {@code action} because of {@code cause}. */
    Counter decisions(Action action, Cause cause) {
        int why = index(cause);
        int slot = action.ordinal() * CAUSES + why;
        Counter counter = decisions.get(slot);
        if (counter == null) {
            // Two threads may get here; the registry gives both the same counter.
            counter = metrics.counter(MeterName.DECISIONS, action.label(), source, label(why));
            decisions.set(slot, counter);
        }
        return counter;
    }

    private static int index(Cause cause) {
        FailureReason failure = cause.failure();
        if (failure != null) {
            return PLAIN_CAUSES.size() + failure.ordinal();
        }
        if (cause.policy() != null) {
            return POLICY_CAUSE;
        }
        if (cause.source().equals(DEFAULT)) {
            return DEFAULT_CAUSE;
        }
        if (cause.source().equals(PASS)) {
            return PASS_CAUSE;
        }
        if (cause.source().equals(ROUTE)) {
            return ROUTE_CAUSE;
        }
        return cause.source().equals(EXEMPT) ? EXEMPT_CAUSE : ANSWER_CAUSE;
    }

    private static String label(int why) {
        int plain = PLAIN_CAUSES.size();
        return why < plain ? PLAIN_CAUSES.get(why) : REASONS[why - plain].label();
    }
}
