package com.esperr.gateway.boot;

import com.esperr.gateway.challenge.Passes;
import com.esperr.gateway.cloud.CloudSource;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.decision.ProofVerifier;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.state.Deposits;
import com.esperr.gateway.state.MemoryDeposits;
import com.esperr.gateway.state.RedisStore;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Composes what visitors get who have passed a challenge, whoever held it. Stateless. */
final class Passage {
    private Passage() {}

    /**
     * What visitors get who have passed a challenge, or null if none is held here and there is no key for Esper's API: nobody could
     * say then whether a proof counts.
     */
    static @Nullable Passes passes(GatewayConfig config, Generation parts, Foundation base) throws IOException {
        boolean asks = !config.esper().apiKey().isEmpty();
        if (!asks && !config.hosting().enabled()) {
            return null;
        }
        CloudSource esper = asks ? Extensions.asking(config, parts, base) : null;
        Deposits deposits = deposits(config, parts, base);
        Clock clock = base.clock();
        return parts.part(
                "passes",
                Arrays.asList(
                        config.passes(),
                        FileStamps.named(config.passes().keyFile()),
                        config.esper().tenantId(),
                        config.proofs(),
                        esper,
                        config.keep(),
                        deposits),
                before -> Passes.open(
                        new Passes.Terms(
                                config.passes(),
                                config.esper().tenantId(),
                                config.proofs().maxLifetime(),
                                config.proofs().timeout(),
                                esper == null ? Passage::unknown : esper.proofs(config.proofs(), clock::millis),
                                config.keep(),
                                deposits,
                                base.stores().claims(),
                                clock::nanos,
                                clock::millis),
                        before));
    }

    private static Deposits deposits(GatewayConfig config, Generation parts, Foundation base) throws IOException {
        RedisStore redis = base.stores().redis();
        return redis == null
                ? parts.part(
                        "kept requests",
                        List.of(),
                        before -> new MemoryDeposits(config.keep().allBytes(), base.clock()::nanos))
                : parts.part("kept requests", List.of(redis), before -> redis.deposits());
    }

    /** Asks Esper about proofs, and nothing else. */
    static ProofVerifier verifier(GatewayConfig config, EventLoops loops, Clock clock, Parts parts) {
        return parts.add(Extensions.cloud(config, loops, clock)).proofs(config.proofs(), clock::millis);
    }

    /** Nobody here gives proofs, and there is nobody to ask. */
    private static DecisionSource.@Nullable Cancellation unknown(
            String proof, Deadline deadline, ProofVerifier.Sink sink) {
        sink.invalid();
        return null;
    }
}
