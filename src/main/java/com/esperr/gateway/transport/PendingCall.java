package com.esperr.gateway.transport;

import com.esperr.gateway.http.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call from its start to its outcome; confined to its event loop. It is waiting for a connection, or bound to one, or
 * done; {@link LoopClient} moves it along.
 */
final class PendingCall implements CallHandle {
    private static final Logger LOG = LoggerFactory.getLogger(HttpClient.class);

    final PreparedCall prepared;
    final BodyWriter body;
    final long deadline;

    /** Neighbours in {@link ExpiryQueue}. */
    @Nullable
    PendingCall earlier;

    @Nullable
    PendingCall later;

    @Nullable
    ClientConnection connection;

    private final LoopClient owner;
    private final HttpCallback callback;
    private boolean done;

    PendingCall(LoopClient owner, PreparedCall prepared, BodyWriter body, long deadline, HttpCallback callback) {
        this.owner = owner;
        this.prepared = prepared;
        this.body = body;
        this.deadline = deadline;
        this.callback = callback;
    }

    boolean done() {
        return done;
    }

    void answered(int status, Fields fields, byte[] answer) {
        if (finish()) {
            try {
                callback.answered(status, fields, answer);
            } catch (RuntimeException | Error e) {
                defect(e);
            }
        }
    }

    void failed(CallFailure failure) {
        if (finish()) {
            try {
                callback.failed(failure);
            } catch (RuntimeException | Error e) {
                defect(e);
            }
        }
    }

    @Override
    public void cancel() {
        if (finish()) {
            owner.abandoned(this);
        }
    }

    /** A receiver that breaks must not take the timer or the connection with it, which serve other calls. */
    private static void defect(Throwable e) {
        LOG.error("the receiver of a call's outcome threw", e);
    }

    /** The one way out: true for the first who comes. */
    private boolean finish() {
        if (done) {
            return false;
        }
        done = true;
        owner.finished(this);
        return true;
    }
}
