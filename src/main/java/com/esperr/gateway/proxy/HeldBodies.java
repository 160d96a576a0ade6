package com.esperr.gateway.proxy;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContext;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How much of the bodies of all requests is held until they are decided on, which visitors who send slowly could otherwise
 * drive up at will. Thread-safe. A request counts with the most it may hold, so that nothing is begun that has to be
 * given up.
 */
public final class HeldBodies {
    private final BodyReader readers;
    private final AtomicLong used;
    private final LongAdder unread;
    private final AtomicLong most;

    HeldBodies(BodyReader readers) {
        this(readers, new AtomicLong(), new LongAdder(), new AtomicLong());
    }

    private HeldBodies(BodyReader readers, AtomicLong used, LongAdder unread, AtomicLong most) {
        this.readers = readers;
        this.used = used;
        this.unread = unread;
        this.most = most;
        most.set(readers.total());
    }

    /** The same, counted together, but other readers look into them. */
    HeldBodies with(BodyReader others) {
        return new HeldBodies(others, used, unread, most);
    }

    /** What is to be held of the body of {@code request}, told to {@code ready} once; null if nothing is. */
    @Nullable
    HeldBody hold(ClientStream client, Clock clock, RequestContext request, LongConsumer ready) {
        BodyReader reader = readers.of(request);
        switch (reader.interest(request)) {
            case NONE -> {
                return null;
            }
            case READ -> {
                long most = most(reader, request.head());
                if (used.addAndGet(most) <= reader.total()) {
                    return new HeldBody(client, reader, clock, request, ready, () -> used.addAndGet(-most));
                }
                used.addAndGet(-most);
            }
            case UNREADABLE -> {}
        }
        unread.increment();
        request.bodyFields(BodyFields.UNREAD);
        return null;
    }

    /** Looks into the body of {@code request} that is here already, {@code whole}, which stays the caller's. */
    void look(RequestContext request, byte[] whole) {
        BodyReader reader = readers.of(request);
        switch (reader.interest(request)) {
            case NONE -> {}
            case READ -> {
                boolean partial = whole.length > reader.limit();
                byte[] beginning = partial ? Arrays.copyOf(whole, reader.limit()) : whole;
                request.bodyFields(reader.read(request, beginning, partial));
            }
            case UNREADABLE -> {
                unread.increment();
                request.bodyFields(BodyFields.UNREAD);
            }
        }
    }

    private static long most(BodyReader reader, RequestHead head) {
        long length = head.bodyLength();
        return length == BodyLength.CHUNKED ? reader.limit() : Math.min(length, reader.limit());
    }

    /** The same of those that may be. */
    public Fill fill() {
        return Fill.of(Bounded.HELD_BODIES, used::get, most::get, unread::sum);
    }

    /** Bytes that are held now, at the most. */
    public long used() {
        return used.get();
    }

    /** Bodies that were not looked into, because of their coding or because too much was held already. */
    public long unread() {
        return unread.sum();
    }
}
