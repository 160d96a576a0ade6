package com.esperr.gateway.proxy;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.exchange.Moment;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.request.RequestContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The story of one request, from its head to its record; confined to the event loop of its client connection.
 *
 * <pre>
 * READING -&gt; (HOLDING) -&gt; DECIDING -&gt; FORWARDING -&gt; DONE
 *                                  \-&gt; REPLYING   -&gt; DONE
 * </pre>
 *
 * The body waits in the decoder until the decision is known, or its beginning is held if the decision needs it. {@link #fail} is legal in every state but DONE, and {@link
 * #finish} is the only way there. Body pieces pass through and are never kept: each is written, or released.
 */
final class Exchange implements RelayOwner {
    private enum State {
        READING,
        HOLDING,
        DECIDING,
        FORWARDING,
        REPLYING,
        DONE
    }

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final FrontendConnection connection;
    private final ExchangeServices services;
    private final Notes notes;
    private final Patience patience;
    private final Stall halfClosed = new Stall();

    private State state = State.READING;
    private @Nullable RequestHead head;
    private DecisionSource.@Nullable Cancellation question;
    private @Nullable HeldBody held;
    private @Nullable Relay relay;
    private boolean requestComplete;
    private boolean inputClosed;
    private boolean closeAfter;

    Exchange(FrontendConnection connection, ExchangeServices services) {
        this.connection = connection;
        this.services = services;
        this.notes = new Notes(services.clock(), connection.peerText());
        this.patience = new Patience(services.limits());
        services.connections().requestBegun();
    }

    /** The head is here: asks for the decision. */
    void begin(RequestHead received) {
        head = received;
        requestComplete = !received.hasBody();
        closeAfter = !received.keepAlive();
        notes.mark(Moment.HEAD_RECEIVED);
        RequestContext request;
        try {
            request = services.contexts().of(received, connection.peer(), connection.scheme());
        } catch (FailureException refused) {
            fail(refused.reason(), String.valueOf(refused.getMessage()));
            return;
        }
        notes.context(request);
        if (MaxForwards.reached(received)) {
            notes.outcome(Outcome.ANSWERED);
            reply(services.enforcer().options(request));
            return;
        }
        HeldBody beginning = services.bodies().hold(connection, services.clock(), request, this::ask);
        if (beginning == null) {
            ask(notes.startedNanos());
            return;
        }
        state = State.HOLDING;
        held = beginning;
        beginning.begin();
    }

    private void ask(long since) {
        RequestContext request = notes.context();
        state = State.DECIDING;
        notes.mark(Moment.DECISION_ASKED);
        Deadline deadline = new Deadline(since + services.decisionNanos());
        DecisionSource.Cancellation asked = services.admission().ask(request, deadline, this::decided);
        if (state == State.DECIDING) {
            question = asked;
        }
    }

    /** The bytes that should have been a head, or a body, are not. */
    void broken(BadMessage bad) {
        if (state == State.READING) {
            notes.mark(Moment.HEAD_RECEIVED);
        }
        fail(bad.reason(), bad.detail());
    }

    private void decided(Decision made) {
        if (state != State.DECIDING) {
            return;
        }
        try {
            carryOut(made);
        } catch (RuntimeException | Error defect) {
            failInternally(defect);
        }
    }

    private void carryOut(Decision made) {
        RequestContext request = notes.context();
        notes.mark(Moment.DECIDED);
        question = null;
        notes.decided(made, services.enforcer().enforces(made, request));
        LocalReply reply = services.enforcer().reply(made, request);
        if (reply == null) {
            state = State.FORWARDING;
            relay = new Relay(this, connection, services, request, made);
            relay.start();
            return;
        }
        notes.outcome(Outcome.of(made));
        reply(reply);
    }

    // --- what the client sends after the head

    /** A piece of the request body; takes it. */
    void requestData(ByteBuf data) {
        notes.requestBytes(data.readableBytes());
        if (held != null && held.takes(data)) {
            return;
        }
        if (state == State.FORWARDING) {
            known(relay).requestData(data);
            return;
        }
        data.release();
        if (state == State.REPLYING && notes.requestBytes() > Discard.AT_MOST) {
            closeAfter = true;
            finish();
        }
    }

    /** The request is complete. */
    void requestEnd(MessageEnd end) {
        if (held != null && held.takes(end)) {
            return;
        }
        requestComplete = true;
        if (state == State.FORWARDING) {
            known(relay).requestEnd(end);
        } else if (state == State.REPLYING) {
            finish();
        }
    }

    /** What was read from the client in one go has been delivered. */
    void requestReadComplete() {
        if (state == State.FORWARDING) {
            known(relay).flushRequest();
        }
    }

    /** The client takes more response bytes, or no longer does. */
    void responseWritabilityChanged(boolean writable) {
        if (state == State.FORWARDING) {
            known(relay).responseWritabilityChanged(writable);
        }
    }

    /** The client's connection is gone. */
    void clientGone(String detail) {
        fail(FailureReason.CLIENT_ABORTED, detail);
    }

    /** The gateway goes, and has waited long enough. */
    void cutOff() {
        fail(FailureReason.DRAINING, "not finished within shutdown.drain");
    }

    /**
     * The client sends no more: an answer is still owed to a whole request, and nothing to half of one.
     *
     * @param pending whether bytes that it has sent still wait for their turn
     */
    void inputClosed(boolean pending) {
        inputClosed = true;
        if (!requestComplete && !pending && (held == null || !held.whole())) {
            clientGone("connection closed by the client inside a request");
        }
    }

    /** Looks at the time limits. */
    void sweep(long now) {
        try {
            look(now);
        } catch (RuntimeException | Error defect) {
            failInternally(defect);
        }
    }

    private void look(long now) {
        if (inputClosed
                && notes.status() == 0
                && halfClosed.longerThan(services.limits().halfClose().toNanos(), 0, now)) {
            fail(FailureReason.CLIENT_ABORTED, "connection half-closed by the client for limits.half-close");
            return;
        }
        if (state == State.FORWARDING) {
            known(relay).sweep(now);
        } else if (held != null) {
            held.sweep(now);
        }
        boolean readsBody = state == State.REPLYING || (state == State.FORWARDING && connection.reading());
        if (requestComplete || !readsBody) {
            patience.rest();
            return;
        }
        boolean hurried = state == State.REPLYING || notes.status() == 0;
        String exhausted = patience.exhausted(notes.requestBytes(), hurried, now);
        if (exhausted != null) {
            fail(FailureReason.REQUEST_TIMEOUT, exhausted);
        }
    }

    // --- what the relay tells

    @Override
    public void responseStarted(int sent) {
        notes.responseStarted(sent);
    }

    @Override
    public void upstreamConnected() {
        notes.mark(Moment.UPSTREAM_CONNECTED);
    }

    @Override
    public void responseBytes(int count) {
        notes.responseBytes(count);
    }

    @Override
    public boolean bodyWanted() {
        HeldBody beginning = held;
        if (beginning == null) {
            connection.resumeRequest();
            return false;
        }
        beginning.replay(known(relay), this::requestEnd);
        return beginning.continued();
    }

    @Override
    public boolean requestComplete() {
        return requestComplete;
    }

    @Override
    public boolean closeAfter() {
        // Asked when the response is written, because a drain may have begun since the request did.
        closeAfter |= connection.lastRequest();
        return closeAfter;
    }

    @Override
    public void closeAfterwards() {
        closeAfter = true;
    }

    @Override
    public void relayed() {
        notes.outcome(Outcome.FORWARDED);
        try {
            finish();
        } catch (RuntimeException | Error defect) {
            failInternally(defect);
        }
    }

    @Override
    public void relayFailed(FailureReason reason, String detail) {
        try {
            fail(reason, detail);
        } catch (RuntimeException | Error defect) {
            failInternally(defect);
        }
    }

    /** Ends what a defect of ours would leave without an end; answers, times and the origin are told outside the client's pipeline. */
    @Override
    public void failInternally(Throwable defect) {
        LOG.error("request {} failed unexpectedly", reference(), defect);
        try {
            fail(FailureReason.INTERNAL, defect.toString());
        } catch (RuntimeException | Error again) {
            // Its client is gone then, and that ends it.
            LOG.error("request {} could not be answered", reference(), again);
            connection.abort();
        }
    }

    // --- endings

    private void reply(LocalReply reply) {
        requestComplete |= held != null && held.drop();
        state = State.REPLYING;
        notes.status(reply.status());
        RequestHead request = head;
        boolean discard = request != null && !requestComplete && !closeAfter() && Discard.may(request);
        if (!requestComplete && !discard) {
            closeAfter = true;
        }
        boolean toldToKeep = request != null && request.minorVersion() == 0;
        boolean headOnly = request != null && request.method().equals("HEAD");
        notes.responseBytes(connection.output().writeReply(reply, closeAfter(), toldToKeep, headOnly));
        if (discard) {
            connection.reading(true);
            connection.resumeRequest();
        } else {
            finish();
        }
    }

    private void fail(FailureReason reason, String detail) {
        if (state == State.DONE) {
            return;
        }
        if (state == State.REPLYING) {
            // The answer is given; only the rest of the request, which nobody wants, did not come as it should.
            closeAfter = true;
            finish();
            return;
        }
        notes.failed(reason, detail);
        boolean headSent = notes.status() != 0 && !connection.output().takeBack();
        if (question != null) {
            question.cancel();
            question = null;
        }
        if (relay != null) {
            relay.abandon();
        }
        closeAfter |= reason.closesConnection();
        if (reason == FailureReason.CLIENT_ABORTED || headSent) {
            if (!headSent) {
                notes.status(reason.status());
            }
            // Nobody to tell, or too late to: the broken framing of a cut response is all the client can be shown.
            connection.abort();
            finish();
            return;
        }
        notes.noResponseBytes();
        reply(services.enforcer().failure(reason, head, reference()));
    }

    private void finish() {
        if (state == State.DONE) {
            return;
        }
        state = State.DONE;
        requestComplete |= held != null && held.drop();
        notes.mark(Moment.DONE);
        Relay used = relay;
        services.connections().requestEnded(used != null && used.retried());
        services.listener().finished(notes.record(reference(), used));
        connection.exchangeDone(closeAfter, requestComplete);
    }

    private String reference() {
        return notes.reference(connection::fallbackReference);
    }

    /** What the state guarantees to be there. */
    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("exchange: a part is missing in this state");
        }
        return value;
    }
}
