package com.esperr.gateway.bouncers;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.state.Replicated;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is active for addresses in one tenant, told to bouncers: all of it, or what has changed since the same bouncer asked last.
 * Thread-safe outside; inside confined to the thread it is given, as all mitigations are looked at for an answer. How many answers
 * wait for that thread, and how many bouncers are remembered, is bounded.
 */
public final class Bouncers {
    private static final int MOST_WAITING = 256;
    /** Decisions that all bouncers of a tenant together are remembered to know: a few hundred bytes each. */
    private static final int MOST_KNOWN = 1_000_000;

    private static final JsonFactory JSON = new JsonFactory();

    private final Replicated<ActiveMitigation> mitigations;
    private final Predicate<ActiveMitigation> told;
    private volatile int ipv6Prefix;
    private volatile int most;
    private final int mostKnown;
    private final Executor thread;
    private final LongSupplier millis;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, Map<String, BouncerDecision>> known = new LinkedHashMap<>(16, 0.75f, true);
    private final LongAdder refused = new LongAdder();
    private final LongAdder forgotten = new LongAdder();
    private volatile int remembered;
    private volatile long knownDecisions;

    /**
     * Those of a tenant.
     *
     * @param mitigations of this tenant
     * @param told which of them bouncers hear of, if they are about an address
     * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor
     * @param most how many bouncers are remembered; who asked longest ago is told everything when he asks again
     * @param thread the one thread of this, which may also be others'
     * @param millis the clock of expiries
     */
    public Bouncers(
            Replicated<ActiveMitigation> mitigations,
            Predicate<ActiveMitigation> told,
            int ipv6Prefix,
            int most,
            Executor thread,
            LongSupplier millis) {
        this(mitigations, told, ipv6Prefix, most, MOST_KNOWN, thread, millis);
    }

    /** The same where {@code mostKnown} decisions are remembered to be known. */
    Bouncers(
            Replicated<ActiveMitigation> mitigations,
            Predicate<ActiveMitigation> told,
            int ipv6Prefix,
            int most,
            int mostKnown,
            Executor thread,
            LongSupplier millis) {
        this.mostKnown = mostKnown;
        this.mitigations = mitigations;
        this.told = told;
        this.ipv6Prefix = ipv6Prefix;
        this.most = most;
        this.thread = thread;
        this.millis = millis;
    }

    /** Takes so many leading bits of an IPv6 address for one visitor from now on, and remembers so many bouncers. */
    public void retune(int prefix, int bouncers) {
        ipv6Prefix = prefix;
        most = bouncers;
    }

    /**
     * Has the changes since {@code bouncer} asked last, or everything, as JSON given to {@code sink}.
     *
     * @param startup whether it has forgotten what it was told
     * @return false if too many answers wait already
     */
    public boolean changes(String bouncer, boolean startup, BouncerFilter filter, Consumer<byte[]> sink) {
        return run(() -> sink.accept(changes(bouncer, startup, filter)));
    }

    /** Has what is active and wanted, as JSON given to {@code sink}; false if too many answers wait already. */
    public boolean active(BouncerFilter filter, Consumer<byte[]> sink) {
        return run(() -> sink.accept(active(filter)));
    }

    /** How full is what is remembered of bouncers, and what they wait in. */
    public List<Fill> fills() {
        return List.of(
                Fill.of(Bounded.BOUNCERS, () -> remembered, () -> most, forgotten::sum),
                Fill.of(Bounded.BOUNCER_DECISIONS, () -> knownDecisions, mostKnown, forgotten::sum),
                Fill.of(Bounded.BOUNCER_QUESTIONS, waiting::get, MOST_WAITING, refused::sum));
    }

    private boolean run(Runnable work) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            refused.increment();
            return false;
        }
        try {
            thread.execute(() -> {
                waiting.decrementAndGet();
                work.run();
            });
            return true;
        } catch (RejectedExecutionException stopping) {
            waiting.decrementAndGet();
            return false;
        }
    }

    private byte[] changes(String bouncer, boolean startup, BouncerFilter filter) {
        long now = millis.getAsLong();
        Map<String, BouncerDecision> current = wanted(filter, now);
        Map<String, BouncerDecision> before = remember(bouncer, current);
        if (startup || before == null) {
            return json(current.values(), List.of(), now);
        }
        Map<String, BouncerDecision> added = new HashMap<>(current);
        Map<String, BouncerDecision> ended = new HashMap<>();
        before.forEach((value, old) -> {
            BouncerDecision is = current.get(value);
            if (is != null && old.says(is)) {
                added.remove(value);
            } else if (is == null || !is.type().equals(old.type())) {
                ended.put(value, old);
            }
        });
        return json(added.values(), ended.values(), now);
    }

    /** Whoever changes what he calls himself is many bouncers, each of which would know everything. */
    private @Nullable Map<String, BouncerDecision> remember(String bouncer, Map<String, BouncerDecision> current) {
        Map<String, BouncerDecision> before = known.put(bouncer, current);
        long decisions = knownDecisions + current.size() - (before == null ? 0 : before.size());
        Iterator<Map<String, BouncerDecision>> eldest = known.values().iterator();
        while (known.size() > 1 && (known.size() > most || decisions > mostKnown)) {
            decisions -= eldest.next().size();
            eldest.remove();
            forgotten.increment();
        }
        remembered = known.size();
        knownDecisions = decisions;
        return before;
    }

    /** Nobody is nothing, not an empty list: so does CrowdSec, and bouncers look for it. */
    private byte[] active(BouncerFilter filter) {
        long now = millis.getAsLong();
        Collection<BouncerDecision> found = wanted(filter, now).values();
        return found.isEmpty() ? "null".getBytes(StandardCharsets.US_ASCII) : bytes(out -> array(out, found, now));
    }

    private Map<String, BouncerDecision> wanted(BouncerFilter filter, long now) {
        Map<String, BouncerDecision> wanted = new HashMap<>();
        mitigations.forEach((key, kept) -> {
            BouncerDecision decision = kept.expiresAtMillis() > now && told.test(kept.value())
                    ? BouncerDecision.of(key, kept, ipv6Prefix)
                    : null;
            if (decision != null && filter.wants(decision)) {
                wanted.merge(decision.value(), decision, BouncerDecision::or);
            }
        });
        return wanted;
    }

    private static byte[] json(Collection<BouncerDecision> added, Collection<BouncerDecision> ended, long now) {
        return bytes(out -> {
            out.writeStartObject();
            out.writeFieldName("deleted");
            array(out, ended, now);
            out.writeFieldName("new");
            array(out, added, now);
            out.writeEndObject();
        });
    }

    private static void array(JsonGenerator out, Collection<BouncerDecision> decisions, long now) throws IOException {
        out.writeStartArray();
        for (BouncerDecision decision : decisions) {
            decision.write(out, now);
        }
        out.writeEndArray();
    }

    private interface Writer {
        void write(JsonGenerator out) throws IOException;
    }

    private static byte[] bytes(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            writer.write(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
