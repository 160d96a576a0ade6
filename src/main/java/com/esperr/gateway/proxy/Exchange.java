package com.esperr.gateway.proxy;

import static java.util.Objects.requireNonNull;

import com.esperr.gateway.challenge.KeptRequest;
import com.esperr.gateway.decision.Cause;
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
import com.esperr.gateway.request.ReturnUrl;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The story of one request, from its head to its record; confined to the event loop of its client connection.
 *
 * <pre>
 * READING -&gt; (HOLDING) -&gt; DECIDING -&gt; (HOLDING) -&gt; FORWARDING -&gt; DONE
 *                                  \-&gt; (KEEPING) -&gt; REPLYING -&gt; DONE
 * </pre>
 *
 * The body waits in the decoder until the decision is known, or its beginning is held if the decision needs it. {@link #fail} is legal in every state but DONE, and {@link
 * #finish} is the only way there. Body pieces pass through and are never kept: each is written, or released.
 */
final class Exchange implements RelayOwner {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final ClientStream client;
    private final ExchangeServices services;
    private final Notes notes;
    private final Reception reception;
    private final Survival survival;
    private Errand errand = Errand.VISIT;
    private Stage state = Stage.READING;
    private @Nullable RequestHead head;
    private DecisionSource.@Nullable Cancellation question;
    private @Nullable Relay relay;
    private boolean closeAfter;

    Exchange(ClientStream client, ExchangeServices services) {
        this.client = client;
        this.services = services;
        this.notes = new Notes(services.clock(), client.peerText(), client::fallbackReference);
        this.reception = new Reception(client, services.limits());
        this.survival = new Survival(services, this::survived);
        services.connections().requestBegun();
    }

    /** The head is here: asks for the decision. */
    void begin(RequestHead received) {
        head = received;
        reception.begin(received);
        closeAfter = !received.keepAlive();
        notes.mark(Moment.HEAD_RECEIVED);
        errand = services.entrance().errands().of(received, services);
        Held message = errand.message(client, services, () -> guarded(() -> understand(received)));
        if (message == null) {
            understand(received);
        } else {
            reception.hold(message);
        }
    }

    private void understand(RequestHead received) {
        RequestContext request;
        LocalReply early;
        try {
            request = errand.about(received, client, services);
            notes.context(request);
            early = errand.early(received, request, services);
        } catch (FailureException refused) {
            fail(refused.reason(), String.valueOf(refused.getMessage()));
            return;
        }
        if (early != null) {
            notes.outcome(errand.earlyOutcome());
            reply(early);
            return;
        }
        state = Stage.HOLDING;
        if (errand.here() && services.admission().resumes(request, found -> guarded(() -> resume(request, found)))) {
            return;
        }
        HeldBody beginning = services.bodies().hold(client, services.clock(), request, this::ask);
        if (beginning == null) {
            ask(notes.startedNanos());
        } else {
            reception.hold(beginning);
        }
    }

    /** Goes on with what its visitor sent before he had a pass, or, if that is not there any more, where he sent it to. */
    private void resume(RequestContext back, @Nullable KeptRequest found) {
        if (state == Stage.HOLDING && found == null) {
            state = Stage.DECIDING;
            carryOut(new Decision.Admit(ReturnUrl.onThisSite(back), null, Cause.PASS));
        } else if (state == Stage.HOLDING && found != null) {
            notes.context(survival.again(client, requireNonNull(head), back, found));
            reception.restore(found.body());
            ask(services.clock().nanos());
        }
    }

    private void survived(LocalReply reply) {
        if (state == Stage.KEEPING) {
            guarded(() -> reply(reply));
        }
    }

    private void ask(long since) {
        RequestContext request = notes.context();
        state = Stage.DECIDING;
        notes.mark(Moment.DECISION_ASKED);
        Deadline deadline = new Deadline(since + services.decisionNanos());
        DecisionSource.Cancellation asked =
                services.admission().ask(request, deadline, made -> guarded(() -> carryOut(made)));
        if (state == Stage.DECIDING) {
            question = asked;
        }
    }

    /** The bytes that should have been a head, or a body, are not; {@code received} is a head about which nothing was done yet. */
    void broken(@Nullable RequestHead received, BadMessage bad) {
        if (received != null) {
            head = received;
            reception.begin(received);
            errand = services.entrance().errands().of(received, services);
            notes.refused(Errand.refused(received, client, services));
        }
        if (state == Stage.READING) {
            notes.mark(Moment.HEAD_RECEIVED);
        }
        fail(bad.reason(), bad.detail());
    }

    private void carryOut(Decision answer) {
        if (state != Stage.DECIDING) {
            return;
        }
        RequestContext request = notes.context();
        Decision made = errand.weighed(answer, request, services);
        question = null;
        boolean enforced = services.enforcer().enforces(made, request);
        notes.decided(made, enforced);
        LocalReply reply = errand.reply(made, request, services);
        if (reply == null) {
            state = Stage.HOLDING;
            question = services.pause()
                    .hold(request, () -> guarded(() -> forward(made)), why -> relayFailed(FailureReason.PAUSED, why));
            return;
        }
        notes.outcome(errand.outcome(made, enforced));
        state = Stage.KEEPING;
        if (!errand.here() || !survival.begins(made, request, reply)) {
            reply(reply);
        } else if (reception.complete()) {
            survival.ended(request);
        } else {
            reception.release(this::requestData, this::requestEnd);
        }
    }

    private void forward(Decision made) {
        question = null;
        state = Stage.FORWARDING;
        relay = new Relay(this, client, services, notes, made);
        relay.start();
    }

    // --- what the client sends after the head

    /** A piece of the request body; takes it. */
    void requestData(ByteBuf data) {
        notes.requestBytes(data.readableBytes());
        if (reception.takes(data)) {
            return;
        }
        if (state == Stage.FORWARDING) {
            requireNonNull(relay).requestData(data);
        } else if (state == Stage.KEEPING) {
            survival.takes(data);
        } else {
            data.release();
            if (state == Stage.REPLYING && notes.requestBytes() > Discard.AT_MOST) {
                closeAfter = true;
                finish();
            }
        }
    }

    /** The request is complete. */
    void requestEnd(MessageEnd end) {
        if (reception.takes(end)) {
            return;
        }
        if (state == Stage.FORWARDING) {
            requireNonNull(relay).requestEnd(end);
        } else if (state == Stage.KEEPING) {
            survival.ended(notes.context());
        } else if (state == Stage.REPLYING) {
            finish();
        }
    }

    /** What was read from the client in one go has been delivered. */
    void requestReadComplete() {
        if (state == Stage.FORWARDING) {
            requireNonNull(relay).flushRequest();
        }
    }

    /** The client takes more response bytes, or no longer does. */
    void responseWritabilityChanged(boolean writable) {
        if (state == Stage.FORWARDING) {
            requireNonNull(relay).responseWritabilityChanged(writable);
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
        if (reception.endsInside(pending)) {
            clientGone("connection closed by the client inside a request");
        } else if (state == Stage.FORWARDING) {
            requireNonNull(relay).clientEnded();
        }
    }

    /** Looks at the time limits. */
    void sweep(long now) {
        guarded(() -> look(now));
    }

    private void look(long now) {
        if (notes.status() == 0 && reception.unansweredTooLong(now)) {
            fail(FailureReason.CLIENT_ABORTED, "connection half-closed by the client for limits.half-close");
            return;
        }
        if (state == Stage.FORWARDING) {
            requireNonNull(relay).sweep(now);
        } else {
            reception.sweep(now);
        }
        boolean replying = state == Stage.REPLYING;
        boolean readsBody = replying || state == Stage.KEEPING || (state == Stage.FORWARDING && client.reading());
        String exhausted = reception.exhausted(readsBody, notes.requestBytes(), replying || notes.status() == 0, now);
        if (exhausted != null) {
            fail(FailureReason.REQUEST_TIMEOUT, exhausted);
        }
    }

    // --- what the relay tells

    @Override
    public boolean bodyWanted() {
        return reception.forward(requireNonNull(relay), this::requestEnd);
    }

    @Override
    public boolean requestComplete() {
        return reception.complete();
    }

    @Override
    public boolean closeAfter() {
        // Asked when the response is written, because a drain may have begun since the request did.
        closeAfter |= client.lastRequest();
        return closeAfter;
    }

    @Override
    public void closeAfterwards() {
        closeAfter = true;
    }

    @Override
    public void relayed() {
        notes.outcome(Outcome.FORWARDED);
        guarded(this::finish);
    }

    @Override
    public void relayFailed(FailureReason reason, String detail) {
        guarded(() -> fail(reason, detail));
    }

    /** Answers, times and the origin are told outside the client's pipeline, which would end what a defect leaves without an end. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error defect) {
            failInternally(defect);
        }
    }

    @Override
    public void failInternally(Throwable defect) {
        LOG.error("request {} failed unexpectedly", notes.reference(), defect);
        try {
            fail(FailureReason.INTERNAL, defect.toString());
        } catch (RuntimeException | Error again) {
            // Its client is gone then, and that ends it.
            LOG.error("request {} could not be answered", notes.reference(), again);
            client.abort();
        }
    }

    // --- endings

    private void reply(LocalReply reply) {
        reception.drop();
        survival.close();
        state = Stage.REPLYING;
        notes.status(reply.status());
        RequestHead request = head;
        boolean discard = request != null && !reception.complete() && !closeAfter() && client.discards(request);
        if (!reception.complete() && !discard) {
            closeAfter = true;
        }
        notes.responseBytes(
                client.output().reply(errand.leaving(services.entrance().leaving(reply)), request, closeAfter()));
        if (discard) {
            client.reading(true);
            client.resumeRequest();
        } else {
            finish();
        }
    }

    private void fail(FailureReason reason, String detail) {
        if (state == Stage.DONE) {
            return;
        }
        if (state == Stage.REPLYING) {
            // The answer is given; only the rest of the request, which nobody wants, did not come as it should.
            closeAfter = true;
            finish();
            return;
        }
        notes.failed(reason, detail);
        boolean headSent = notes.status() != 0 && !client.output().takeBack();
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
            client.abort(reason == FailureReason.CLIENT_ABORTED);
            finish();
            return;
        }
        notes.noResponseBytes();
        reply(services.enforcer().failure(reason, head, notes.reference()));
    }

    private void finish() {
        if (state == Stage.DONE) {
            return;
        }
        state = Stage.DONE;
        reception.drop();
        survival.close();
        notes.mark(Moment.DONE);
        Relay used = relay;
        services.connections().requestEnded(used != null && used.retried());
        services.listener().finished(notes.record(used));
        client.exchangeDone(closeAfter, reception.complete());
    }
}
