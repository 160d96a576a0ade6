package com.esperr.gateway.explain;

import com.esperr.gateway.challenge.RequiredPasses;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.decision.FailureTable;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.exchange.Timeline;
import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.request.Tier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what would become of a request: it is decided on as if it came, by the policies in force, but no window counts it, nothing becomes active
 * by it, and nobody else is told or asked. Thread-safe.
 */
public final class Rehearsal {
    private static final Deadline AT_ONCE = new Deadline(0);

    private final Supplier<SitePolicies> local;
    private final Terms terms;
    private final ExplanationWriter writer;

    /**
     * What is in force. Immutable.
     *
     * @param contexts make requests of heads
     * @param failures what becomes of questions that fail
     * @param bodies look into bodies
     * @param required sends visitors for the pass that a route requires
     * @param enforced whether what is decided about a request is done
     */
    public record Terms(
            Supplier<RequestContexts> contexts,
            Supplier<FailureTable> failures,
            Supplier<BodyReader> bodies,
            Supplier<RequiredPasses> required,
            BiPredicate<Decision, RequestContext> enforced) {}

    /**
     * How the request comes. Immutable.
     *
     * @param client from which address
     * @param hits how many times, with this one, it has been counted by every window that counts it
     * @param passLevel the level of the visitor's pass, 0 if he has none
     */
    public record Circumstances(IpAddress client, int hits, int passLevel) {}

    /** By the policies of {@code local} as they are then. */
    public Rehearsal(Supplier<SitePolicies> local, Terms terms) {
        this.local = local;
        this.terms = terms;
        this.writer = new ExplanationWriter(local, () -> null, () -> null);
    }

    /**
     * The explanation in JSON.
     *
     * @throws IllegalArgumentException if there is no such request; the message says why
     */
    public String of(CurlCommand command, Circumstances circumstances) {
        RequestContext request;
        try {
            request = terms.contexts()
                    .get()
                    .of(command.head(), circumstances.client(), command.secure() ? "https" : "http");
        } catch (FailureException refused) {
            throw new IllegalArgumentException(
                    "request: refused as " + refused.reason().label() + ", " + refused.getMessage()
                            + " (expected: one that is decided on)",
                    refused);
        }
        BodyReader bodies = terms.bodies().get();
        if (command.body().length > 0 && bodies.interest(request) != BodyReader.Interest.NONE) {
            // No more of it than would be looked into.
            byte[] body = command.body();
            int most = bodies.limit();
            request.bodyFields(
                    bodies.read(request, Arrays.copyOf(body, Math.min(body.length, most)), body.length > most));
        }
        Decision decision = decided(request, circumstances);
        return new String(writer.writeRehearsal(record(request, decision)), StandardCharsets.US_ASCII);
    }

    private Decision decided(RequestContext request, Circumstances circumstances) {
        DecisionChain chain = new DecisionChain(
                List.of(new Aside(circumstances.hits())), terms.failures().get());
        Decision[] made = new Decision[1];
        Consumer<Decision> sink = decision -> made[0] = decision;
        if (request.tier() == Tier.EXEMPT) {
            var unused = chain.ask(request, AT_ONCE, sink);
        } else if (isAdmitted(request, circumstances.passLevel())) {
            request.passLevel(circumstances.passLevel());
            var unused = chain.askPassed(request, AT_ONCE, sink);
        } else {
            var unused = chain.ask(request, AT_ONCE, terms.required().get().by(request, sink));
        }
        return made[0];
    }

    /** Whether a pass of that level counts: one that is too low for the route does not. */
    private static boolean isAdmitted(RequestContext request, int level) {
        return level > 0 && level >= request.route().requiredLevel();
    }

    private ExchangeRecord record(RequestContext request, Decision decision) {
        return new ExchangeRecord(
                request,
                request.reference(),
                request.peer().toString(),
                request.observedAtMillis(),
                new Timeline(0),
                0,
                Outcome.of(decision),
                decision,
                terms.enforced().test(decision, request),
                null,
                null,
                null,
                false,
                false,
                0,
                0);
    }

    /** Policies that are asked without effect. */
    private final class Aside implements DecisionSource {
        private final int hits;

        Aside(int hits) {
            this.hits = hits;
        }

        @Override
        public String name() {
            return local.get().name();
        }

        @Override
        public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
            local.get().rehearse(request, hits, sink);
            return null;
        }

        @Override
        public @Nullable String trouble() {
            return null;
        }
    }
}
