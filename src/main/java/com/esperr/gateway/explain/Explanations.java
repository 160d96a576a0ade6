package com.esperr.gateway.explain;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.cloud.CloudSource;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.hybrid.HybridSource;
import com.esperr.gateway.policy.SitePolicies;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps explanations of requests that were answered here, failed, or would have been answered here in another mode. Thread-safe: told
 * on event loops, asked by operators. A request that is forwarded costs a comparison; of the others only so many in a second are
 * explained, those of ten seconds at once, so that a flood that is blocked stays cheap and does not wash everything else out at once.
 */
public final class Explanations implements ExchangeListener {
    private static final int SECONDS = 10;

    private volatile ExplainConfig config;
    private final ExplanationWriter writer;
    private final LongSupplier millis;
    private final Ring ring;
    private final LongAdder crowded = new LongAdder();
    private volatile Turns turns;
    private volatile @Nullable SharedExplanations shared;

    /**
     * What explanations are made from.
     *
     * @param local the embedded engines as they are now, or null
     * @param cloud Esper's runtime API as it is now, or null
     * @param hybrid what is remembered now, or null
     * @param millis the clock, epoch milliseconds
     */
    public record Terms(
            Supplier<@Nullable SitePolicies> local,
            Supplier<@Nullable CloudSource> cloud,
            Supplier<@Nullable HybridSource> hybrid,
            LongSupplier millis) {}

    /** None yet. */
    public Explanations(ExplainConfig config, Terms terms) {
        this.config = config;
        this.writer = new ExplanationWriter(terms.local(), terms.cloud(), terms.hybrid());
        this.millis = terms.millis();
        this.turns = new Turns(config.perSecond(), SECONDS);
        this.ring = new Ring(config.entries(), config.bytes(), config.lifetime().toMillis());
    }

    /**
     * Keeps so many, and explains so much, from now on; what is kept already stays if there is room for it.
     *
     * @param others those of other gateways, too, or null
     */
    public void retune(ExplainConfig next, @Nullable SharedExplanations others) {
        shared = others;
        if (!next.equals(config)) {
            config = next;
            turns = new Turns(next.perSecond(), SECONDS);
            ring.limit(next.entries(), next.bytes(), next.lifetime().toMillis(), millis.getAsLong());
        }
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        boolean wanted = isWanted(exchange);
        if (config.entries() == 0 || !(wanted || isSampled())) {
            return;
        }
        long now = millis.getAsLong();
        // Samples leave room for what somebody will ask for.
        if (!(wanted ? turns.take(now) : turns.takeSpare(now))) {
            crowded.increment();
            return;
        }
        byte[] text = writer.write(exchange);
        ring.put(exchange.reference(), text, now);
        SharedExplanations others = shared;
        if (others != null) {
            boolean small = text.length <= SharedExplanations.MOST_BYTES;
            others.put(exchange.reference(), small ? text : writer.writeBriefly(exchange), now);
        }
    }

    private static boolean isWanted(ExchangeRecord exchange) {
        Decision decision = exchange.decision();
        boolean allowed = decision == null || decision.action() == Action.ALLOW;
        return switch (exchange.outcome()) {
            case FORWARDED, ALLOWED -> !allowed || exchange.failure() != null;
            default -> true;
        };
    }

    private boolean isSampled() {
        double share = config.allows();
        return share > 0 && ThreadLocalRandom.current().nextDouble() < share;
    }

    /** The explanation of what was answered with {@code reference}, in JSON, or null if none is kept. */
    public @Nullable String find(String reference) {
        long now = millis.getAsLong();
        byte[] found = ring.find(reference, now);
        if (found != null) {
            return new String(found, StandardCharsets.US_ASCII);
        }
        SharedExplanations others = shared;
        return others == null ? null : others.find(reference, now);
    }

    /** The newest explanations, at most {@code limit}, a line each, the newest first. */
    public String newest(int limit) {
        List<byte[]> found = ring.newest(limit, millis.getAsLong());
        StringBuilder lines = new StringBuilder();
        found.forEach(line ->
                lines.append(new String(line, StandardCharsets.US_ASCII)).append('\n'));
        return lines.toString();
    }

    /** What is kept, and for how long. */
    public ExplainConfig config() {
        return config;
    }

    /** How many are kept. */
    public int entries() {
        return ring.size();
    }

    /** How large they are together, roughly. */
    public long bytes() {
        return ring.bytes();
    }

    /** How many were let go before their time, because there were too many. */
    public long dropped() {
        return ring.dropped();
    }

    /** How full is what keeps them. */
    public List<Fill> fills() {
        return List.of(
                Fill.of(Bounded.EXPLANATIONS, this::entries, () -> config.entries(), this::dropped),
                Fill.of(Bounded.EXPLANATION_BYTES, this::bytes, () -> config.bytes(), this::dropped));
    }

    /** How many were not made, because there were too many. */
    public long crowded() {
        return crowded.sum();
    }
}
