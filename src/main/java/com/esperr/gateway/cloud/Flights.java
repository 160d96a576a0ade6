package com.esperr.gateway.cloud;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.StateKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The questions under way, by what they ask: whoever would ask one of them again waits for its answer instead. Thread-safe
 * and shared by all event loops. Bounded by the questions that the service may be asked at a time, as each entry is one.
 */
final class Flights {
    private final ConcurrentMap<StateKey, Flight> flights = new ConcurrentHashMap<>();
    private final LongAdder shared = new LongAdder();
    private final Asking service;
    private final Supplier<ScheduledExecutorService> here;
    private final LongSupplier nanos;
    private final BiConsumer<StateKey, Decision> answers;

    /**
     * No question yet.
     *
     * @param service who is asked
     * @param here the event loop that calls
     * @param answers told each answer, on the loop that asked
     */
    Flights(
            Asking service,
            Supplier<ScheduledExecutorService> here,
            LongSupplier nanos,
            BiConsumer<StateKey, Decision> answers) {
        this.service = service;
        this.here = here;
        this.nanos = nanos;
        this.answers = answers;
    }

    /** Asks, or waits for the answer to the same question. */
    DecisionSource.@Nullable Cancellation ask(
            StateKey key, RequestContext request, Deadline deadline, DecisionSink sink) {
        Waiter waiter = new Waiter(here.get(), deadline, sink);
        Flight mine = new Flight(this, key, waiter.loop(), service, request, deadline, false);
        mine.join(waiter);
        waiter.joined(mine);
        while (true) {
            Flight found = flights.putIfAbsent(key, mine);
            if (found == null) {
                mine.start();
                return waiter.done() ? null : waiter;
            }
            if (found.join(waiter)) {
                shared.increment();
                waiter.joined(found);
                waiter.waitsOn(found.deadline(), now());
                return waiter.done() ? null : waiter;
            }
            // It ended between the two look-ups and is on its way out of the map.
            flights.remove(key, found);
        }
    }

    /** Asks for the sake of the answer alone, unless that question is under way. */
    void refresh(StateKey key, RequestContext request, Deadline deadline) {
        Flight flight = new Flight(this, key, here.get(), service, request, deadline, true);
        if (flights.putIfAbsent(key, flight) == null) {
            flight.start();
        }
    }

    /** How many requests waited for an answer that another one had asked for. */
    long shared() {
        return shared.sum();
    }

    /** How many different questions are under way. */
    int size() {
        return flights.size();
    }

    long now() {
        return nanos.getAsLong();
    }

    void answered(StateKey key, Decision decision) {
        answers.accept(key, decision);
    }

    void landed(StateKey key, Flight flight) {
        flights.remove(key, flight);
    }
}
