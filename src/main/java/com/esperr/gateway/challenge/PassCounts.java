package com.esperr.gateway.challenge;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How often what became of passes and proofs, since the start. Thread-safe. */
public final class PassCounts {
    private final LongAdder[] passes = adders(PassResult.values().length);
    private final LongAdder[] proofs = adders(ProofResult.values().length);
    private final LongAdder loops = new LongAdder();

    PassCounts() {}

    void count(PassResult result) {
        passes[result.ordinal()].increment();
    }

    void count(ProofResult result) {
        proofs[result.ordinal()].increment();
    }

    void loop() {
        loops.increment();
    }

    /** Passes of which {@code result} came. */
    public long passes(PassResult result) {
        return passes[result.ordinal()].sum();
    }

    /** Proofs of which {@code result} came. */
    public long proofs(ProofResult result) {
        return proofs[result.ordinal()].sum();
    }

    /** Redirects to a challenge that were not made, because the ones before had led nowhere. */
    public long loops() {
        return loops.sum();
    }

    private static LongAdder[] adders(int count) {
        return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
    }
}
