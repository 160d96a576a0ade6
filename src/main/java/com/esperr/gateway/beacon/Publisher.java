package com.esperr.gateway.beacon;

import com.esperr.gateway.cloud.RetryAfter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends events, oldest first, so many calls at once, until each is taken or refused for what it is; there is no third way out.
 * Confined to one event loop.
 *
 * <p>After a failure everything pauses and then one call at a time tries, until one succeeds. The first to try are those that
 * failed least often, so that an event that makes the service fail does not stand in the way of the others for ever.
 */
final class Publisher {
    /** Has work done later on the same loop. */
    interface Timer {
        /** Runs {@code task} in so many nanoseconds. */
        void in(long delayNanos, Runnable task);
    }

    /** What the publisher works with. Immutable. */
    record Terms(
            Wire wire,
            Consumer<Settlement> settled,
            Timer timer,
            LongSupplier nanos,
            LongSupplier millis,
            DoubleSupplier random,
            ServiceNotes notes,
            BiConsumer<Spooled, EventAnswer> learn,
            Runnable countFailure) {}

    /** Who failed more often than this is tried after those who were not tried at all. */
    private static final int SUSPECT = 8;

    private static final int BATCH_BYTES = 256 * 1024;

    private final BeaconConfig config;
    private final Terms terms;
    private final Deque<Spooled> fresh = new ArrayDeque<>();
    private final TreeMap<Long, Parcel> waiting = new TreeMap<>();
    private int underWay;
    private int failures;
    private volatile boolean troubled;
    private long pausedUntil;
    private long wakeAt;
    private boolean armed;
    private boolean pumping;
    private boolean closed;
    private volatile boolean quiet;

    Publisher(BeaconConfig config, Terms terms) {
        this.config = config;
        this.terms = terms;
        this.pausedUntil = terms.nanos().getAsLong();
    }

    /** Takes events, newer than any it has taken before. */
    void take(List<Spooled> events) {
        fresh.addAll(events);
        pump();
    }

    /** Sends no more; what is under way may still be settled. */
    void close() {
        closed = true;
        quiet = underWay == 0;
    }

    /** Whether it is closed and every call has ended; may be asked by any thread. */
    boolean isQuiet() {
        return quiet;
    }

    /** Whether the last outcome was a failure; may be asked by any thread. */
    boolean isTroubled() {
        return troubled;
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            Parcel next = next();
            while (next != null) {
                send(next);
                next = next();
            }
        } finally {
            pumping = false;
        }
        arm();
    }

    private @Nullable Parcel next() {
        long now = terms.nanos().getAsLong();
        int allowed = failures > 0 ? 1 : config.concurrency();
        if (closed || underWay >= allowed || pausedUntil - now > 0) {
            return null;
        }
        Parcel known = failures > 0 ? leastTried() : firstDue(now);
        if (known != null && (known.attempts() < SUSPECT || fresh.isEmpty() || failures == 0)) {
            waiting.remove(known.sequence());
            return known;
        }
        return fresh.isEmpty() ? null : new Parcel(packed(), now);
    }

    private @Nullable Parcel leastTried() {
        return waiting.values().stream()
                .min(Comparator.comparingInt(Parcel::attempts))
                .orElse(null);
    }

    private @Nullable Parcel firstDue(long now) {
        for (Parcel parcel : waiting.values()) {
            if (parcel.isDue(now)) {
                return parcel;
            }
        }
        return null;
    }

    private List<Spooled> packed() {
        int most = config.batchPath() == null ? 1 : config.batchEvents();
        List<Spooled> events = new ArrayList<>();
        long room = BATCH_BYTES;
        for (Spooled one = fresh.peek(); one != null && events.size() < most; one = fresh.peek()) {
            room -= one.event().length;
            if (room < 0 && !events.isEmpty()) {
                break;
            }
            events.add(fresh.remove());
        }
        return events;
    }

    private void send(Parcel parcel) {
        underWay++;
        terms.wire().send(parcel.events(), new Wire.Reply() {
            @Override
            public void answered(int status, @Nullable String retryAfter, byte[] body) {
                underWay--;
                judge(parcel, status, retryAfter, body);
                quiet = closed && underWay == 0;
                pump();
            }

            @Override
            public void failed(Wire.Silence silence, String detail) {
                underWay--;
                if (closed) {
                    quiet = underWay == 0;
                    return;
                }
                if (silence == Wire.Silence.STALE && parcel.excuse()) {
                    again(parcel, 0);
                } else if (silence == Wire.Silence.UNSENT) {
                    unavailable(parcel, detail);
                } else {
                    failedCall(parcel, detail);
                }
                pump();
            }
        });
    }

    private void judge(Parcel parcel, int status, @Nullable String retryAfter, byte[] body) {
        switch (status / 100) {
            case 2 -> taken(parcel, status, body);
            case 4 -> refused(parcel, status, retryAfter, body);
            default ->
                serverError(
                        parcel,
                        status,
                        "status " + status + ": " + terms.notes().excerpt(body));
        }
    }

    private void serverError(Parcel parcel, int status, String detail) {
        if (status == 503) {
            unavailable(parcel, detail);
        } else {
            failedCall(parcel, detail);
        }
    }

    private void taken(Parcel parcel, int status, byte[] body) {
        List<Spooled> events = parcel.events();
        List<@Nullable EventAnswer> answers;
        try {
            answers = AnswerReader.read(body, events.size(), events.size() > 1);
        } catch (IOException notEsper) {
            // A portal or a proxy in between: whoever answers like this has taken nothing.
            failedCall(
                    parcel,
                    "status " + status + " without a JSON object: "
                            + terms.notes().excerpt(body));
            return;
        }
        succeeded();
        for (int i = 0; i < events.size(); i++) {
            settle(events.get(i), answers.get(i));
        }
    }

    private void settle(Spooled event, @Nullable EventAnswer answer) {
        if (answer == null || answer.isPassing()) {
            // Of several it was left out or put off, so it is sent by itself, where the status speaks for it alone.
            Parcel alone = new Parcel(List.of(event), 0);
            alone.failed();
            again(alone, config.backOff().nanos(alone.attempts(), terms.random()));
        } else if (answer.isTaken()) {
            terms.learn().accept(event, answer);
            terms.settled().accept(new Settlement(event, null));
        } else {
            String said = answer.reason() == null ? "" : answer.reason();
            terms.settled()
                    .accept(new Settlement(
                            event, refusal(answer.status(), terms.notes().excerpt(said))));
        }
    }

    private void refused(Parcel parcel, int status, @Nullable String retryAfter, byte[] body) {
        switch (status) {
            case 401 -> {
                terms.notes().keyRefused(status, body);
                fail();
                pause(config.unauthorizedPause().toNanos());
                again(parcel, 0);
            }
            // The RFC invites to repeat it (RFC 9110, 15.5.9); a slow upload is nothing about the event.
            case 408 -> failedCall(parcel, "status 408: " + terms.notes().excerpt(body));
            case 429 -> {
                fail();
                Duration asked = RetryAfter.parse(
                        retryAfter, Instant.ofEpochMilli(terms.millis().getAsLong()));
                long longest = config.backOff().longest().toNanos();
                pause(
                        asked == null
                                ? config.backOff().nanos(failures, terms.random())
                                : Math.min(longest, asked.toNanos()));
                again(parcel, 0);
            }
            default -> refusedForGood(parcel, status, body);
        }
    }

    /** One of several may be at fault, so each is sent by itself; one alone is put aside. */
    private void refusedForGood(Parcel parcel, int status, byte[] body) {
        succeeded();
        if (parcel.events().size() > 1) {
            parcel.events().forEach(event -> again(new Parcel(List.of(event), 0), 0));
            return;
        }
        Settlement.Refusal refusal = refusal(status, terms.notes().excerpt(body));
        terms.settled().accept(new Settlement(parcel.events().get(0), refusal));
    }

    private Settlement.Refusal refusal(int status, String excerpt) {
        terms.notes().refusedEvent(status, excerpt);
        return new Settlement.Refusal(status, excerpt);
    }

    /** The service works: those that waited for it go first, in their order. */
    private void succeeded() {
        terms.notes().taken();
        if (failures > 0) {
            failures = 0;
            troubled = false;
            long now = terms.nanos().getAsLong();
            waiting.values().stream()
                    .filter(parcel -> parcel.attempts() < SUSPECT)
                    .forEach(parcel -> parcel.due(now));
        }
    }

    /** The service is away for everybody, so the parcel keeps its place. */
    private void unavailable(Parcel parcel, String detail) {
        terms.notes().failed(detail);
        fail();
        pause(config.backOff().nanos(failures, terms.random()));
        again(parcel, 0);
    }

    private void failedCall(Parcel parcel, String detail) {
        terms.notes().failed(detail);
        fail();
        parcel.failed();
        pause(config.backOff().nanos(failures, terms.random()));
        again(parcel, config.backOff().nanos(parcel.attempts(), terms.random()));
    }

    private void fail() {
        failures++;
        troubled = true;
        terms.countFailure().run();
    }

    private void pause(long length) {
        long until = terms.nanos().getAsLong() + length;
        if (until - pausedUntil > 0) {
            pausedUntil = until;
        }
    }

    private void again(Parcel parcel, long wait) {
        parcel.due(terms.nanos().getAsLong() + wait);
        waiting.put(parcel.sequence(), parcel);
    }

    /** Makes sure that somebody looks again when there is something to do that no reply will bring about. */
    private void arm() {
        if (closed || (waiting.isEmpty() && fresh.isEmpty())) {
            return;
        }
        long now = terms.nanos().getAsLong();
        long soonest = Long.MAX_VALUE;
        if (pausedUntil - now > 0) {
            soonest = pausedUntil - now;
        } else if (failures == 0) {
            for (Parcel parcel : waiting.values()) {
                soonest = Math.min(soonest, Math.max(0, parcel.due() - now));
            }
        }
        if (soonest == Long.MAX_VALUE || (armed && wakeAt - now <= soonest && wakeAt - now >= 0)) {
            return;
        }
        armed = true;
        long at = now + soonest;
        wakeAt = at;
        terms.timer().in(Math.max(1, soonest), () -> {
            if (wakeAt == at) {
                armed = false;
            }
            pump();
        });
    }
}
