package com.esperr.gateway.boot;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.ProofVerifier;
import com.esperr.gateway.decision.Verified;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.hosting.Funnel;
import com.esperr.gateway.hosting.Ladder;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.transport.EventLoops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Tries whether challenges are set up: asks everybody who is needed for one. Stateless; blocks. */
public final class ChallengeSetup {
    private static final String MADE_UP = "challenge-test";
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private ChallengeSetup() {}

    /**
     * One thing that was tried. Immutable.
     *
     * @param what such as {@code turnstile}
     * @param trouble what is wrong with it, or null
     */
    public record Finding(String what, @Nullable String trouble) {}

    /** Tries everything that {@code config} names. */
    public static List<Finding> test(GatewayConfig config) {
        Clock clock = Clock.SYSTEM;
        try (Parts parts = new Parts()) {
            EventLoops loops = parts.add(EventLoops.start(config.runtime()));
            List<CompletableFuture<Finding>> asked = new ArrayList<>();
            asked.add(CompletableFuture.completedFuture(passes(config)));
            if (config.hosting().enabled()) {
                providers(config, loops, clock, parts, asked);
            }
            if (!config.esper().apiKey().isEmpty()) {
                ProofVerifier verifier = Passage.verifier(config, loops, clock, parts);
                asked.add(proofs(config, loops, verifier, clock));
            }
            Duration longest =
                    config.hosting().timeout().plus(config.proofs().timeout()).plus(MARGIN);
            return asked.stream().map(each -> await(each, longest)).toList();
        }
    }

    private static Finding passes(GatewayConfig config) {
        boolean kept = !config.passes().secrets().isEmpty() || config.passes().keyFile() != null;
        return new Finding(
                "passes",
                kept ? null : "they end with the process (expected: challenge.pass.key or challenge.pass.key-file)");
    }

    private static void providers(
            GatewayConfig config, EventLoops loops, Clock clock, Parts parts, List<CompletableFuture<Finding>> asked) {
        Funnel funnel = new Funnel((method, time) -> {});
        Ladder ladder = parts.add(
                Ladder.of(config.hosting(), config.cloud().caFile(), loops, funnel, method -> 0, clock::nanos));
        List<CompletableFuture<Finding>> findings = config.hosting().providers().stream()
                .map(method -> new CompletableFuture<Finding>())
                .toList();
        loops.next()
                .execute(() -> ladder.test((method, trouble) -> findings.get(
                                config.hosting().providers().indexOf(method))
                        .complete(new Finding(method.label(), trouble))));
        asked.addAll(findings);
    }

    /** A made-up proof is refused as a proof only if the key is accepted. */
    private static CompletableFuture<Finding> proofs(
            GatewayConfig config, EventLoops loops, ProofVerifier verifier, Clock clock) {
        CompletableFuture<Finding> finding = new CompletableFuture<>();
        long timeout = config.proofs().timeout().toNanos();
        loops.next().execute(() -> {
            var unused = verifier.verify(MADE_UP, new Deadline(clock.nanos() + timeout), new ProofVerifier.Sink() {
                @Override
                public void valid(Verified verified) {
                    tell("a made-up proof counts (expected: that it does not)");
                }

                @Override
                public void invalid() {
                    tell(null);
                }

                @Override
                public void failed(FailureReason reason, String detail) {
                    tell(reason.label() + ": " + detail);
                }

                private void tell(@Nullable String trouble) {
                    finding.complete(new Finding("proofs", trouble));
                }
            });
        });
        return finding;
    }

    private static Finding await(CompletableFuture<Finding> finding, Duration longest) {
        try {
            return finding.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException never) {
            return new Finding("setup", "no answer within " + longest.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Finding("setup", "interrupted");
        }
    }
}
