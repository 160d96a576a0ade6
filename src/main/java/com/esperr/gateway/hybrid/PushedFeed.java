package com.esperr.gateway.hybrid;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.transport.CallHandle;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.HttpClientConfig;
import com.esperr.gateway.transport.StreamClient;
import com.esperr.gateway.transport.StreamReceiver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows a server that tells of every mitigation: everything at first, then every change, over one answer that does not end.
 * Thread-safe outside; inside confined to one event loop. What was told stays in force until a whole new telling is complete,
 * whatever becomes of the server meanwhile.
 */
public final class PushedFeed implements MitigationFeed {
    /** What the feed works with. Immutable. */
    record Terms(PushedConfig config, FeedWire wire, FeedTimer timer, LongSupplier nanos, DoubleSupplier random) {}

    private static final int OK = 200;
    private static final int BORNE_HEARTBEATS = 3;
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(1);

    private final Terms terms;
    private final FeedMessageReader reader = new FeedMessageReader();
    private final FeedNotes notes = new FeedNotes();
    private final LongAdder resyncs = new LongAdder();
    // Those in force, and behind them those of a telling that is under way.
    private volatile List<Known> known = List.of();
    private volatile boolean connected;
    private volatile boolean closed;
    private @Nullable MitigationSink sink;
    private @Nullable Attempt attempt;
    private @Nullable String cursor;
    private int failures;

    PushedFeed(Terms terms) {
        this.terms = terms;
    }

    /**
     * A feed that asks {@code service}.
     *
     * @param fields the header lines of the question, which hold the key
     */
    public static PushedFeed of(
            PushedConfig config, HttpClientConfig service, Fields fields, EventLoops loops, LongSupplier nanos) {
        FeedWire wire = new HttpFeedWire(new StreamClient(service, loops), config.path(), fields);
        return new PushedFeed(new Terms(
                config,
                wire,
                FeedTimer.on(loops),
                nanos,
                () -> ThreadLocalRandom.current().nextDouble()));
    }

    /** What a server has told of whom it speaks of, and how that is read. */
    private record Known(String line, ToldEntities entities) {}

    @Override
    public String name() {
        return FeedKind.PUSHED.label();
    }

    @Override
    public boolean steady() {
        return true;
    }

    @Override
    public void start(MitigationSink told, MitigationKeys keys) {
        terms.timer().in(0, () -> {
            sink = told;
            connect(told);
        });
    }

    @Override
    public void learned(StateKey key, @Nullable Mitigation mitigation) {
        // The server hears of it from those who tell it of requests.
    }

    @Override
    public List<StateKey> keys(RequestContext request) {
        List<StateKey> keys = new ArrayList<>();
        for (Known one : known) {
            one.entities().addKeys(request, keys);
        }
        return keys;
    }

    @Override
    public @Nullable String memo() {
        List<Known> all = known;
        return all.isEmpty() ? null : all.get(0).line();
    }

    @Override
    public void remember(String memo) {
        try {
            byte[] line = memo.getBytes(StandardCharsets.UTF_8);
            if (reader.read(line, 0, line.length) instanceof FeedMessage.Head head) {
                known = List.of(new Known(memo, head.entities()));
            }
        } catch (BadFeed unreadable) {
            notes.forgotten(unreadable);
        }
    }

    @Override
    public boolean connected() {
        return connected;
    }

    @Override
    public long resyncs() {
        return resyncs.sum();
    }

    @Override
    public @Nullable String trouble() {
        return notes.trouble();
    }

    @Override
    public void close() {
        closed = true;
        terms.timer().in(0, () -> {
            if (attempt != null) {
                attempt.drop();
            }
        });
    }

    private void connect(MitigationSink told) {
        if (closed) {
            return;
        }
        Attempt begun = new Attempt(told);
        attempt = begun;
        begun.handle = terms.wire().open(cursor, begun);
        if (begun.over) {
            begun.handle.cancel();
        }
        begun.watch();
    }

    private void again(MitigationSink told) {
        failures++;
        terms.timer().in(terms.config().backOff().nanos(failures, terms.random()), () -> connect(told));
    }

    /** One connection, from the attempt to its end. Confined to the loop of the feed. */
    private final class Attempt implements StreamReceiver {
        private final MitigationSink told;
        private final FeedLines lines = new FeedLines();
        private long silenceBorne = terms.config().idleTimeout().toNanos();
        private long heardAt = terms.nanos().getAsLong();
        private @Nullable CallHandle handle;
        private @Nullable Known spoken;
        private MitigationSink.@Nullable Replacement anew;
        private boolean ready;
        private boolean over;

        Attempt(MitigationSink told) {
            this.told = told;
        }

        @Override
        public void answered(int status, Fields fields) {
            heardAt = terms.nanos().getAsLong();
            if (status != OK) {
                notes.refused(status);
                end();
            }
        }

        @Override
        public void received(byte[] piece) {
            if (over) {
                return;
            }
            try {
                lines.add(piece, this::line);
            } catch (BadFeed bad) {
                broken(bad.said());
            }
        }

        @Override
        public void ended(String detail) {
            broken(detail);
        }

        /** Ends it for good, without another attempt. */
        void drop() {
            over = true;
            connected = false;
            if (handle != null) {
                handle.cancel();
            }
        }

        private void broken(String detail) {
            if (!over) {
                notes.broken(detail, ready);
                end();
            }
        }

        private void end() {
            drop();
            again(told);
        }

        /** Looks from time to time whether the other side still shows life. */
        private void watch() {
            long left = heardAt + silenceBorne - terms.nanos().getAsLong();
            if (over) {
                return;
            }
            if (left <= 0) {
                broken("nothing was heard for " + TimeUnit.NANOSECONDS.toMillis(silenceBorne) + "ms");
            } else {
                terms.timer().in(left, this::watch);
            }
        }

        private boolean line(byte[] bytes, int offset, int length) throws BadFeed {
            FeedMessage message = reader.read(bytes, offset, length);
            if (closed) {
                return false;
            }
            heardAt = terms.nanos().getAsLong();
            told.heard();
            if (spoken == null) {
                if (!(message instanceof FeedMessage.Head head)) {
                    throw new BadFeed("type: not known (expected: snapshot or resume at first)");
                }
                begin(head, new Known(new String(bytes, offset, length, StandardCharsets.UTF_8), head.entities()));
            } else if (message instanceof FeedMessage.Put put) {
                put(put, spoken.entities());
                reached(put.cursor());
            } else if (message instanceof FeedMessage.Remove remove) {
                told.remove(spoken.entities().key(remove.key()));
                reached(remove.cursor());
            } else if (message instanceof FeedMessage.Ready all) {
                ready(all, spoken);
            } else if (message instanceof FeedMessage.Other other) {
                reached(other.cursor());
            } else {
                throw new BadFeed("type: snapshot or resume in the middle");
            }
            return !over;
        }

        private void begin(FeedMessage.Head head, Known now) throws BadFeed {
            List<Known> before = known;
            boolean same = !before.isEmpty() && before.get(0).entities().equals(now.entities());
            if (!head.whole() && (cursor == null || !same)) {
                cursor = null;
                throw new BadFeed("resume: not from where this left off (expected: snapshot)");
            }
            spoken = now;
            Duration heartbeat = head.heartbeat();
            if (heartbeat != null) {
                silenceBorne = Math.max(LEAST_SILENCE.toNanos(), BORNE_HEARTBEATS * heartbeat.toNanos());
                terms.timer().in(silenceBorne, this::watch);
            }
            if (head.whole()) {
                // Where a telling broke off cannot be said by a cursor.
                cursor = null;
                anew = told.replaceAll();
                known = before.isEmpty() || same ? List.of(now) : List.of(before.get(0), now);
                notes.unknown(now.entities().unknown());
            }
        }

        private void put(FeedMessage.Put put, ToldEntities entities) {
            if (!entities.recognises(put.entity())) {
                return;
            }
            StateKey key = entities.key(put.key());
            if (anew == null) {
                told.put(key, put.mitigation());
            } else {
                anew.put(key, put.mitigation());
            }
        }

        private void ready(FeedMessage.Ready all, Known now) {
            if (anew != null) {
                anew.done();
                anew = null;
                resyncs.increment();
            }
            known = List.of(now);
            cursor = all.cursor();
            ready = true;
            connected = true;
            notes.ready();
        }

        private void reached(@Nullable String place) {
            if (anew != null) {
                return;
            }
            if (ready) {
                // It stays: only now, as a server that breaks off each time after all is told is none that works.
                failures = 0;
            }
            if (place != null) {
                cursor = place;
            }
        }
    }
}
