package com.esperr.gateway.proxy;

import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What comes of one request behind its head, and how long it is waited for; confined to the event loop of its exchange. The
 * beginning of a body may be held until the decision; what is not held is the caller's.
 */
final class Reception {
    private final ClientStream client;
    private final long answerNanos;
    private final Patience patience;
    private final Stall halfClosed = new Stall();
    private @Nullable Held held;
    private byte @Nullable [] restored;
    private boolean complete;
    private boolean closed;

    Reception(ClientStream client, LimitsConfig limits) {
        this.client = client;
        this.answerNanos = limits.halfClose().toNanos();
        this.patience = new Patience(limits);
    }

    /** The head is here. */
    void begin(RequestHead head) {
        complete = !head.hasBody();
    }

    /** Holds what comes from now on. */
    void hold(Held beginning) {
        held = beginning;
        beginning.begin();
    }

    /** In place of the body that has not come, one that was kept. */
    void restore(byte[] body) {
        restored = body;
        complete = false;
    }

    /** Gives what is held, and what comes yet, to {@code data}, and lets it come. */
    void release(Consumer<ByteBuf> data, Consumer<MessageEnd> ended) {
        Held beginning = held;
        if (beginning == null) {
            client.resumeRequest();
        } else {
            beginning.replay(data, ended);
        }
    }

    /** Whether the whole request has come, and nothing of it is held. */
    boolean complete() {
        return complete;
    }

    /** Takes a piece of the body if it is to be held. */
    boolean takes(ByteBuf data) {
        return held != null && held.takes(data);
    }

    /** Takes the end if it is to be held. */
    boolean takes(MessageEnd end) {
        if (held != null && held.takes(end)) {
            return true;
        }
        complete = true;
        return false;
    }

    /** Lets the body come, from its first byte, and its end to {@code ended}; true if the client was told to send it. */
    boolean forward(Relay relay, Consumer<MessageEnd> ended) {
        byte[] kept = restored;
        if (kept != null) {
            relay.requestData(Unpooled.wrappedBuffer(kept));
            ended.accept(MessageEnd.PLAIN);
            return false;
        }
        release(relay::requestData, ended);
        return held != null && held.continued();
    }

    /** Frees what is held. */
    void drop() {
        complete |= restored != null || (held != null && held.drop());
    }

    /**
     * The client sends no more; whether that leaves half a request.
     *
     * @param pending whether bytes that it has sent still wait for their turn
     */
    boolean endsInside(boolean pending) {
        closed = true;
        return !complete && restored == null && !pending && (held == null || !held.whole());
    }

    /** Whether a client that sends no more has waited for its answer too long. */
    boolean unansweredTooLong(long now) {
        return closed && halfClosed.longerThan(answerNanos, 0, now);
    }

    /** Looks at how long a body may be held. */
    void sweep(long now) {
        if (held != null) {
            held.sweep(now);
        }
    }

    /**
     * Why the body is not waited for any longer, or null.
     *
     * @param wanted whether it is read
     * @param hurried as for {@link Patience#exhausted}
     */
    @Nullable
    String exhausted(boolean wanted, long bytes, boolean hurried, long now) {
        if (complete || !wanted) {
            patience.rest();
            return null;
        }
        return patience.exhausted(bytes, hurried, now);
    }
}
